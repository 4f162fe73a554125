package dev.twinstream.lsh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** From a text to its lexical sketch: normalise, shingle, sign, band. Thread-safe. */
public final class LexicalSketcher {
  /** Bits kept of each component, for comparing texts. */
  public static final int COMPONENT_BITS = BBitSignature.PACKED_BITS;

  /** What the components in bands keep beside these: a byte. */
  private static final int MORE_BITS = Byte.SIZE;

  private final Shingler shingler;
  private final MinHash minHash;
  private final Banding banding;
  private final long epoch;
  private final PartSketcher partsOrNull;
  private final Markup markup;

  /** Without what finds texts inside others; markup is text. */
  public LexicalSketcher(
      int shingleWords, int permutations, Banding banding, long seed, long epoch) {
    this(shingleWords, permutations, banding, seed, epoch, null, Markup.KEEP);
  }

  /**
   * @param epoch number of the frozen set of parameters; documents of different epochs never meet
   * @param partsOrNull makes what finds texts inside others; null leaves it out
   * @param markup what becomes of HTML and XML
   */
  public LexicalSketcher(
      int shingleWords,
      int permutations,
      Banding banding,
      long seed,
      long epoch,
      PartSketcher partsOrNull,
      Markup markup) {
    if (banding.bands() * banding.rows() > permutations) {
      throw new IllegalArgumentException(
          banding + " needs more than the " + permutations + " permutations there are");
    }
    this.shingler = new Shingler(shingleWords);
    this.minHash = new MinHash(permutations, seed);
    this.banding = banding;
    this.epoch = Mixer.combine(epoch, seed);
    this.partsOrNull = partsOrNull;
    this.markup = markup;
  }

  /**
   * @param scopeOrNull documents of different scopes share no key
   */
  public LexicalSketch sketch(String text, String scopeOrNull) {
    String normalized = markup.normalize(text);
    long[] shingles = shingler.shingles(normalized);
    byte[] bytes =
        bytes(BBitSignature.truncate(minHash.signature(shingles), COMPONENT_BITS + MORE_BITS));
    ByteBuffer digest =
        ByteBuffer.wrap(Digests.sha256(normalized.getBytes(StandardCharsets.UTF_8)));
    return new LexicalSketch(
        bytes,
        shingles.length == 0 ? new long[0] : keys(bytes, BucketKeys.scope(scopeOrNull)),
        shingles.length,
        digest.getLong(),
        digest.getLong(),
        partsOrNull == null ? null : partsOrNull.parts(normalized, shingles));
  }

  /**
   * The low bits of each component, then a byte more of those that are banded: two different minima
   * agree in 4 bits too often for a bucket, and two pairs of them in 12 bits each once in 16
   * million.
   */
  private byte[] bytes(int[] signature) {
    int banded = banding.bands() * banding.rows();
    int packed = BBitSignature.packedBytes(signature.length);
    byte[] bytes = new byte[packed + banded];
    BBitSignature.pack(signature, bytes);
    for (int i = 0; i < banded; i++) {
      bytes[packed + i] = (byte) (signature[i] >>> COMPONENT_BITS);
    }
    return bytes;
  }

  /**
   * The bucket keys of a stored signature.
   *
   * @param scope from {@link BucketKeys#scope}
   */
  public long[] keys(byte[] signature, long scope) {
    int banded = banding.bands() * banding.rows();
    int[] components = new int[banded];
    for (int i = 0; i < banded; i++) {
      int high = signature[signature.length - banded + i] & 0xFF;
      components[i] = high << COMPONENT_BITS | BBitSignature.component(signature, i);
    }
    return banding.keys(components, epoch, scope);
  }
}
