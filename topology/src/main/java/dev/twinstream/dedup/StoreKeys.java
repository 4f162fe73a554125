package dev.twinstream.dedup;

import dev.twinstream.lsh.Digests;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;

/** Keys of the stores, in bytes that sort as they should. */
final class StoreKeys {
  static final int ADDRESS_BYTES = Partitioning.ADDRESS_BITS / Byte.SIZE;

  private StoreKeys() {}

  private static ByteBuffer start(long address, int more) {
    return put(ByteBuffer.allocate(ADDRESS_BYTES + more), address);
  }

  static ByteBuffer put(ByteBuffer bytes, long address) {
    return bytes.put((byte) (address >>> Integer.SIZE)).putInt((int) address);
  }

  /** Reads what {@link #put} has written. */
  static long address(ByteBuffer bytes) {
    return (bytes.get() & 0xFFL) << Integer.SIZE | bytes.getInt() & 0xFFFFFFFFL;
  }

  static Bytes address(long address) {
    return Bytes.wrap(start(address, 0).array());
  }

  /** The stored half of a bucket key. */
  static Bytes bucket(int key) {
    return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(key).array());
  }

  static Bytes addresses(long address, long partner) {
    return Bytes.wrap(put(start(address, ADDRESS_BYTES), partner).array());
  }

  /** The address that a key begins with. */
  static long address(Bytes key) {
    return address(key, 0);
  }

  /** The second address of a pair's key. */
  static long partner(Bytes key) {
    return address(key, ADDRESS_BYTES);
  }

  private static long address(Bytes key, int from) {
    return address(ByteBuffer.wrap(key.get(), from, ADDRESS_BYTES));
  }

  static Bytes copy(long address, long eventTime, String id) {
    byte[] idBytes = Utils.utf8(id);
    return Bytes.wrap(
        start(address, Long.BYTES + idBytes.length)
            .putLong(sortable(eventTime))
            .put(idBytes)
            .array());
  }

  static long eventTime(Bytes copy) {
    return sortable(ByteBuffer.wrap(copy.get()).getLong(ADDRESS_BYTES));
  }

  static String id(Bytes copy) {
    return after(copy, ADDRESS_BYTES + Long.BYTES);
  }

  /** The first key that is no copy of this content. */
  static Bytes afterCopies(long address) {
    byte[] key = new byte[ADDRESS_BYTES + Long.BYTES + 1];
    Arrays.fill(key, (byte) 0xFF);
    System.arraycopy(address(address).get(), 0, key, 0, ADDRESS_BYTES);
    return Bytes.wrap(key);
  }

  /** A digest: whoever looks for a document has its id. */
  static Bytes document(String id) {
    return Bytes.wrap(Digests.ofId(Utils.utf8(id)));
  }

  static Bytes expiry(long eventTime, String id) {
    byte[] idBytes = Utils.utf8(id);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + idBytes.length)
            .putLong(sortable(eventTime))
            .put(idBytes)
            .array());
  }

  static String expiringId(Bytes expiry) {
    return after(expiry, Long.BYTES);
  }

  /** An id in a scope: the scope's length comes before it, so that no two are the same. */
  static String scoped(String scopeOrNull, String id) {
    return (scopeOrNull == null ? "" : scopeOrNull.length() + ":" + scopeOrNull) + "/" + id;
  }

  /** A pair of ids: the first one's length comes before it, so that none is a prefix of another. */
  static Bytes pair(String id, String other) {
    byte[] idBytes = Utils.utf8(id);
    byte[] otherBytes = Utils.utf8(other);
    return Bytes.wrap(
        ByteBuffer.allocate(Integer.BYTES + idBytes.length + otherBytes.length)
            .putInt(idBytes.length)
            .put(idBytes)
            .put(otherBytes)
            .array());
  }

  static String other(Bytes pair) {
    return after(pair, Integer.BYTES + ByteBuffer.wrap(pair.get()).getInt());
  }

  /** Bytes compare without sign: flipping it puts times before 1970 first. */
  private static long sortable(long eventTime) {
    return eventTime ^ Long.MIN_VALUE;
  }

  private static String after(Bytes key, int skip) {
    return Utils.utf8(ByteBuffer.wrap(key.get(), skip, key.get().length - skip));
  }
}
