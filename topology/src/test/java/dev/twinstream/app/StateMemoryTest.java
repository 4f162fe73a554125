package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class StateMemoryTest {
  private static final int STORES = 6;
  private static final int ROWS = 4000;
  private static final long BYTES = 16 * 1024 * 1024;
  private static final long MAX_AGE = 40_000;

  @TempDir Path folder;
  private final List<Store> open = new ArrayList<>();

  private record Store(StateMemory setter, Options options, RocksDB db) {
    void close() {
      setter.close("store", options);
      db.close();
      options.close();
    }
  }

  @AfterEach
  void closeStores() {
    open.forEach(Store::close);
  }

  private Store open(int number, long bytes) throws RocksDBException {
    RocksDB.loadLibrary();
    Options options =
        new Options().setCreateIfMissing(true).setTableFormatConfig(new BlockBasedTableConfig());
    StateMemory setter = new StateMemory();
    setter.setConfig(
        "store",
        options,
        Map.of(TwinstreamConfig.STATE_MEMORY_BYTES, "" + bytes, Erasure.MAX_AGE_MS, "" + MAX_AGE));
    RocksDB db = RocksDB.open(options, folder.resolve("store" + number).toString());
    Store store = new Store(setter, options, db);
    open.add(store);
    return store;
  }

  /** Waits for flushes now and then: a machine that is busy elsewhere may do them late. */
  private static void fill(Store store, Random random) throws Exception {
    byte[] value = new byte[1000];
    for (int i = 0; i < ROWS; i++) {
      random.nextBytes(value);
      store.db().put(("row" + i).getBytes(), value);
      while (i % 100 == 0
          && !store.db().getProperty("rocksdb.num-immutable-mem-table").equals("0")) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  void shouldShareOneBoundAmongAllStores() throws Exception {
    Random random = new Random(1);
    long writeBuffers = 0;
    for (int i = 0; i < STORES; i++) {
      fill(open(i, BYTES), random);
    }
    for (Store store : open) {
      writeBuffers += Long.parseLong(store.db().getProperty("rocksdb.cur-size-active-mem-table"));
      assertThat(store.db().getProperty("rocksdb.block-cache-capacity")).isEqualTo("" + BYTES);
    }
    // Each alone would keep its 4 MB in its write buffer.
    // Flushes start at half of the bound, and some rows come in while they run.
    assertThat(writeBuffers).isPositive().isLessThan(BYTES * 3 / 4);
    try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
      for (Store store : open) {
        store.db().flush(waiting);
        for (int i = 0; i < ROWS; i++) {
          assertThat(store.db().get(("row" + i).getBytes())).hasSize(1000);
        }
      }
    }
    assertThat(StateMemory.openStores()).isEqualTo(STORES);
    assertThat(StateMemory.usedBytes()).isBetween(BYTES / 2, BYTES);
    assertThat(open.get(0).db().getProperty("rocksdb.block-cache-usage"))
        .isEqualTo(open.get(1).db().getProperty("rocksdb.block-cache-usage"));
  }

  @Test
  void shouldRewriteFilesOftenEnoughToLoseWhatIsDeleted() throws Exception {
    assertThat(open(0, BYTES).options().periodicCompactionSeconds()).isEqualTo(MAX_AGE / 4 / 1000);
  }

  /** Partitions that grow alike should not write their buffers out at one time. */
  @Test
  void shouldGiveStoresWriteBuffersOfDifferentSizes() throws Exception {
    for (int i = 0; i < STORES; i++) {
      open(i, BYTES);
    }
    long[] sizes = open.stream().mapToLong(s -> s.options().writeBufferSize()).sorted().toArray();
    assertThat(sizes[0]).isGreaterThanOrEqualTo(12 << 20);
    assertThat(sizes[STORES - 1]).isLessThan(20 << 20);
    for (int i = 1; i < STORES; i++) {
      assertThat(sizes[i] - sizes[i - 1]).isGreaterThan(1 << 19);
    }
  }

  @Test
  void shouldGiveTheMemoryBackWithTheLastStore() throws Exception {
    open(0, BYTES);
    Store second = open(1, BYTES);
    open.remove(second);
    second.close();
    fill(open.get(0), new Random(2));
    assertThat(StateMemory.openStores()).isEqualTo(1);
    open.remove(0).close();
    assertThat(StateMemory.openStores()).isZero();
    open(2, 2 * BYTES);
    assertThat(StateMemory.openStores()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnotherBoundWhileStoresAreOpen() throws Exception {
    open(0, BYTES);
    assertThatThrownBy(() -> open(1, 2 * BYTES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("state.memory.bytes is 33554432")
        .hasMessageContaining("share 16777216");
    assertThat(StateMemory.openStores()).isEqualTo(1);
  }
}
