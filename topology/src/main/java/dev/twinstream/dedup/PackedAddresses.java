package dev.twinstream.dedup;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Addresses of contents side by side, as buckets and messages hold them: {@link
 * StoreKeys#ADDRESS_BYTES} each. A document is named hundreds of candidates, each some times on its
 * way: as numbers in lists they would take most of the work.
 */
public final class PackedAddresses {
  private static final int BYTES = StoreKeys.ADDRESS_BYTES;

  private PackedAddresses() {}

  /** How many there are. */
  public static int count(ByteBuffer packed) {
    return packed.remaining() / BYTES;
  }

  static ByteBuffer pack(long[] addresses, int from, int to) {
    ByteBuffer packed = ByteBuffer.allocate((to - from) * BYTES);
    for (int i = from; i < to; i++) {
      StoreKeys.put(packed, addresses[i]);
    }
    return packed.flip();
  }

  static ByteBuffer pack(long... addresses) {
    return pack(addresses, 0, addresses.length);
  }

  static long[] unpack(ByteBuffer packed) {
    return unpack(List.of(packed));
  }

  /** The distinct addresses of all, in order. */
  static long[] distinct(List<ByteBuffer> packed) {
    long[] addresses = unpack(packed);
    Arrays.sort(addresses);
    int count = 0;
    for (long address : addresses) {
      if (count == 0 || addresses[count - 1] != address) {
        addresses[count++] = address;
      }
    }
    return Arrays.copyOf(addresses, count);
  }

  private static long[] unpack(List<ByteBuffer> packed) {
    long[] addresses = new long[packed.stream().mapToInt(PackedAddresses::count).sum()];
    int count = 0;
    for (ByteBuffer each : packed) {
      ByteBuffer bytes = each.duplicate();
      while (bytes.hasRemaining()) {
        addresses[count++] = StoreKeys.address(bytes);
      }
    }
    return addresses;
  }

  /** The first byte of an address; negative where it is not among them. */
  static int find(byte[] packed, long address) {
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    while (bytes.hasRemaining()) {
      if (StoreKeys.address(bytes) == address) {
        return bytes.position() - BYTES;
      }
    }
    return -1;
  }

  static byte[] with(byte[] packedOrNull, long address) {
    byte[] grown =
        packedOrNull == null
            ? new byte[BYTES]
            : Arrays.copyOf(packedOrNull, packedOrNull.length + BYTES);
    StoreKeys.put(ByteBuffer.wrap(grown, grown.length - BYTES, BYTES), address);
    return grown;
  }

  /** Null where nothing is left. */
  static byte[] without(byte[] packed, int at) {
    if (packed.length == BYTES) {
      return null;
    }
    byte[] shrunk = Arrays.copyOf(packed, packed.length - BYTES);
    System.arraycopy(packed, at + BYTES, shrunk, at, shrunk.length - at);
    return shrunk;
  }
}
