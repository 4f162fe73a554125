package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Addresses side by side. */
class PackedAddressesTest {
  private static final long MOST = (1L << Partitioning.ADDRESS_BITS) - 1;

  @Test
  void shouldGiveBackWhatWasPacked() {
    long[] addresses = {0, 1, 0x80_0000_0000L, 0xFF_FFFFL, 0xFFFF_FFFFL, MOST};
    ByteBuffer packed = PackedAddresses.pack(addresses);
    assertThat(PackedAddresses.count(packed)).isEqualTo(6);
    assertThat(PackedAddresses.unpack(packed)).containsExactly(addresses);
    assertThat(PackedAddresses.unpack(packed)).as("a second time").containsExactly(addresses);
    assertThat(PackedAddresses.unpack(PackedAddresses.pack(addresses, 1, 3)))
        .containsExactly(1, 0x80_0000_0000L);
  }

  @Test
  void shouldMergeInOrderWithoutRepetition() {
    Random random = new Random(6);
    TreeSet<Long> expected = new TreeSet<>();
    List<ByteBuffer> lists = new ArrayList<>();
    for (int list = 0; list < 20; list++) {
      long[] some = random.longs(random.nextInt(30), MOST - 90, MOST + 1).toArray();
      LongStream.of(some).forEach(expected::add);
      lists.add(PackedAddresses.pack(some));
    }
    assertThat(PackedAddresses.distinct(lists))
        .containsExactly(expected.stream().mapToLong(Long::longValue).toArray());
    assertThat(PackedAddresses.distinct(List.of())).isEmpty();
  }

  @Test
  void shouldAddFindAndTakeAway() {
    byte[] bucket = PackedAddresses.with(null, 7);
    bucket = PackedAddresses.with(bucket, MOST);
    bucket = PackedAddresses.with(bucket, 9);
    assertThat(PackedAddresses.find(bucket, 8)).isNegative();
    bucket = PackedAddresses.without(bucket, PackedAddresses.find(bucket, MOST));
    assertThat(PackedAddresses.unpack(ByteBuffer.wrap(bucket))).containsExactly(7, 9);
    bucket = PackedAddresses.without(bucket, PackedAddresses.find(bucket, 9));
    assertThat(PackedAddresses.without(bucket, PackedAddresses.find(bucket, 7))).isNull();
  }
}
