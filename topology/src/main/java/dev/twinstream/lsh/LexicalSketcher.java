package dev.twinstream.lsh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** From a text to its lexical sketch: normalise, shingle, sign, band. Thread-safe. */
public final class LexicalSketcher {
  /** Bits kept of each component, for comparing texts; those in bands keep as many more. */
  public static final int COMPONENT_BITS = 8;

  private final Shingler shingler;
  private final MinHash minHash;
  private final Banding banding;
  private final long epoch;
  private final PartSketcher partsOrNull;

  /** Without what finds texts inside others. */
  public LexicalSketcher(
      int shingleWords, int permutations, Banding banding, long seed, long epoch) {
    this(shingleWords, permutations, banding, seed, epoch, null);
  }

  /**
   * @param epoch number of the frozen set of parameters; documents of different epochs never meet
   * @param partsOrNull makes what finds texts inside others; null leaves it out
   */
  public LexicalSketcher(
      int shingleWords,
      int permutations,
      Banding banding,
      long seed,
      long epoch,
      PartSketcher partsOrNull) {
    if (banding.bands() * banding.rows() > permutations) {
      throw new IllegalArgumentException(
          banding + " needs more than the " + permutations + " permutations there are");
    }
    this.shingler = new Shingler(shingleWords);
    this.minHash = new MinHash(permutations, seed);
    this.banding = banding;
    this.epoch = Mixer.combine(epoch, seed);
    this.partsOrNull = partsOrNull;
  }

  /**
   * @param scopeOrNull documents of different scopes share no key
   */
  public LexicalSketch sketch(String text, String scopeOrNull) {
    String normalized = TextNormalizer.normalize(text);
    long[] shingles = shingler.shingles(normalized);
    byte[] bytes = bytes(BBitSignature.truncate(minHash.signature(shingles), 2 * COMPONENT_BITS));
    ByteBuffer digest = ByteBuffer.wrap(sha256(normalized));
    return new LexicalSketch(
        bytes,
        shingles.length == 0 ? new long[0] : keys(bytes, BucketKeys.scope(scopeOrNull)),
        shingles.length,
        digest.getLong(),
        digest.getLong(),
        partsOrNull == null ? null : partsOrNull.parts(normalized, shingles));
  }

  /**
   * A byte of each component, then a second byte of those that are banded: two different minima
   * agree in 8 bits too often for a bucket, and in 16 hardly ever.
   */
  private byte[] bytes(int[] signature) {
    int banded = banding.bands() * banding.rows();
    byte[] bytes = new byte[signature.length + banded];
    for (int i = 0; i < signature.length; i++) {
      bytes[i] = (byte) signature[i];
    }
    for (int i = 0; i < banded; i++) {
      bytes[signature.length + i] = (byte) (signature[i] >>> COMPONENT_BITS);
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
      components[i] = high << COMPONENT_BITS | signature[i] & 0xFF;
    }
    return banding.keys(components, epoch, scope);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
