package dev.twinstream.dedup;

import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Sketch;
import dev.twinstream.schemas.internal.VerifyRequest;
import java.nio.ByteBuffer;

/** Compares two documents' sketches. */
final class TwinVerifier {
  /** A near twin is one whose similarity more likely than not reaches the threshold. */
  static final double NEAR = 0.5;

  private final TwinProbability probability;

  TwinVerifier(TwinProbability probability) {
    this.probability = probability;
  }

  static ByteBuffer pack(int[] signature) {
    ByteBuffer bytes = ByteBuffer.allocate(signature.length * Integer.BYTES);
    bytes.asIntBuffer().put(signature);
    return bytes;
  }

  /** The asker as a twin of the document of {@code sketch}, or null where it is none. */
  Link compare(Sketch sketch, VerifyRequest asker) {
    if (sketch.getShingles() == 0 || asker.getShingles() == 0) {
      return null;
    }
    boolean exact =
        sketch.getTextHash1() == asker.getTextHash1()
            && sketch.getTextHash2() == asker.getTextHash2();
    int matches = matches(sketch.getSignature(), asker.getSignature());
    if (!exact && probability.of(matches) < NEAR) {
      return null;
    }
    return new Link(
        asker.getAskerVersion(),
        asker.getEventTime(),
        exact,
        matches,
        asker.getShingles(),
        cosine(sketch.getEncoding(), asker.getEncoding()),
        asker.getCluster(),
        false);
  }

  private static Double cosine(ByteBuffer a, ByteBuffer b) {
    return a == null || b == null
        ? null
        : QuantizedEncoding.cosine(QuantizedEncoding.unpack(a), QuantizedEncoding.unpack(b));
  }

  private static int matches(ByteBuffer a, ByteBuffer b) {
    int matches = 0;
    for (int i = 0; i < a.limit(); i += Integer.BYTES) {
      if (a.getInt(i) == b.getInt(i)) {
        matches++;
      }
    }
    return matches;
  }
}
