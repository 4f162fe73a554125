package dev.twinstream.lsh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** From a text to its lexical sketch: normalise, shingle, sign, band. Thread-safe. */
public final class LexicalSketcher {
  /** Bits kept of each component: enough to compare texts and to compute keys anew. */
  public static final int COMPONENT_BITS = 8;

  private final Shingler shingler;
  private final MinHash minHash;
  private final Banding banding;
  private final long epoch;

  /**
   * @param epoch number of the frozen set of parameters; documents of different epochs never meet
   */
  public LexicalSketcher(
      int shingleWords, int permutations, Banding banding, long seed, long epoch) {
    if (banding.bands() * banding.rows() > permutations) {
      throw new IllegalArgumentException(
          banding + " needs more than the " + permutations + " permutations there are");
    }
    this.shingler = new Shingler(shingleWords);
    this.minHash = new MinHash(permutations, seed);
    this.banding = banding;
    this.epoch = Mixer.combine(epoch, seed);
  }

  /**
   * @param scopeOrNull documents of different scopes share no key
   */
  public LexicalSketch sketch(String text, String scopeOrNull) {
    String normalized = TextNormalizer.normalize(text);
    long[] shingles = shingler.shingles(normalized);
    int[] signature = BBitSignature.truncate(minHash.signature(shingles), COMPONENT_BITS);
    byte[] bytes = new byte[signature.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) signature[i];
    }
    ByteBuffer digest = ByteBuffer.wrap(sha256(normalized));
    return new LexicalSketch(
        bytes,
        shingles.length == 0 ? new long[0] : keys(bytes, BucketKeys.scope(scopeOrNull)),
        shingles.length,
        digest.getLong(),
        digest.getLong());
  }

  /**
   * The bucket keys of a stored signature.
   *
   * @param scope from {@link BucketKeys#scope}
   */
  public long[] keys(byte[] signature, long scope) {
    int[] components = new int[signature.length];
    for (int i = 0; i < components.length; i++) {
      components[i] = signature[i] & 0xFF;
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
