package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Buckets in memory. */
class BucketCacheTest {
  private static final int KEYS = 3_000;
  private final Random random = new Random(5);

  private static final class CountingStore extends InMemoryBucketStore {
    private int reads;

    @Override
    public byte[] get(int key) {
      reads++;
      return super.get(key);
    }
  }

  private final CountingStore store = new CountingStore();

  private byte[] bucket() {
    byte[] bucket = new byte[5 * (1 + random.nextInt(20))];
    random.nextBytes(bucket);
    return bucket;
  }

  /** Both signs, and the one whose bits are all set. */
  private static int key(int number) {
    return number == 0 ? -1 : number * 0x9E3779B1;
  }

  private void change(BucketCache cache, Map<Integer, byte[]> expected, int times) {
    for (int i = 0; i < times; i++) {
      int key = key(random.nextInt(KEYS));
      switch (random.nextInt(4)) {
        case 0 -> {
          cache.put(key, null);
          expected.remove(key);
        }
        case 1 -> {
          byte[] bucket = bucket();
          cache.put(key, bucket);
          expected.put(key, bucket);
        }
        default -> assertThat(cache.get(key)).isEqualTo(expected.get(key));
      }
    }
  }

  private static void assertSame(BucketCache cache, Map<Integer, byte[]> expected) {
    for (int number = 0; number < KEYS; number++) {
      assertThat(cache.get(key(number))).isEqualTo(expected.get(key(number)));
    }
  }

  @Test
  void shouldAnswerAsTheStoreWouldWithMuchRoomOrLittle() {
    for (long bytes : new long[] {1 << 20, 40_000, 5_000, 400, 192, 191, 0}) {
      store.rows.clear();
      BucketCache cache = new BucketCache(store, bytes);
      Map<Integer, byte[]> expected = new HashMap<>();
      change(cache, expected, 40_000);
      assertSame(cache, expected);
      assertThat(store.rows).containsExactlyInAnyOrderEntriesOf(expected);
      assertThat(cache.bytes()).isLessThanOrEqualTo(Math.max(bytes, 192));
    }
  }

  @Test
  void shouldReadABucketOnceWhereThereIsRoom() {
    BucketCache cache = new BucketCache(store, 1 << 20);
    Map<Integer, byte[]> expected = new HashMap<>();
    for (int number = 0; number < KEYS; number++) {
      expected.put(key(number), bucket());
      store.put(key(number), expected.get(key(number)));
    }
    assertSame(cache, expected);
    assertThat(store.reads).isEqualTo(KEYS);
    assertSame(cache, expected);
    assertThat(store.reads).as("all but a few whose set was full").isLessThan(KEYS * 11 / 10);
  }

  @Test
  void shouldNotKeepWhatIsOnlyWritten() {
    BucketCache cache = new BucketCache(store, 1 << 20);
    long empty = cache.bytes();
    for (int number = 0; number < KEYS; number++) {
      assertThat(cache.get(key(number))).isNull();
      cache.put(key(number), bucket());
    }
    assertThat(cache.bytes()).isEqualTo(empty);
    byte[] found = cache.get(key(7));
    store.rows.clear();
    assertThat(Arrays.equals(cache.get(key(7)), found)).isTrue();
  }
}
