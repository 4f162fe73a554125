package dev.twinstream.lsh;

import java.nio.ByteBuffer;

/**
 * What is kept of a text so that it is found inside longer ones, and shorter ones inside it; made
 * by a {@link PartSketcher}.
 *
 * @param fingerprints by which two such texts meet
 * @param sample by which they are compared
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copies would cost
public record Parts(int[] fingerprints, ShingleSample sample) {

  /** Four bytes a fingerprint, big-endian. */
  public ByteBuffer packedFingerprints() {
    ByteBuffer bytes = ByteBuffer.allocate(fingerprints.length * Integer.BYTES);
    bytes.asIntBuffer().put(fingerprints);
    return bytes;
  }

  /** The inverse of {@link #packedFingerprints}; does not move the buffer's position. */
  static int[] unpack(ByteBuffer bytes) {
    int[] fingerprints = new int[bytes.remaining() / Integer.BYTES];
    bytes.duplicate().asIntBuffer().get(fingerprints);
    return fingerprints;
  }
}
