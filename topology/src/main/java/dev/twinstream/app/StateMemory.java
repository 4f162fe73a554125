package dev.twinstream.app;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Sets up every RocksDB store of this process: one block cache of {@link
 * TwinstreamConfig#STATE_MEMORY_BYTES} holds their data, index and filter blocks, and their write
 * buffers, at most half of it, are counted in it. So native memory does not grow with the number of
 * stores, partitions or documents.
 *
 * <p>The cache gives way where blocks in use alone exceed it: with a strict limit, a read that
 * finds it full fails, and the application with it.
 *
 * <p>Kafka Streams makes one setter a store. Stores come and go as partitions do: the first takes
 * the shared memory, the last gives it back.
 */
public final class StateMemory implements RocksDBConfigSetter {
  /** Share of the cache that data blocks cannot take from index and filter blocks. */
  private static final double INDEX_SHARE = 0.2;

  /** Larger than the default of 4 KiB: ids and keys beside each other compress better. */
  private static final int BLOCK_BYTES = 16 * 1024;

  private static final int FILTER_BITS_A_KEY = 10;

  /**
   * What a write buffer takes at least. With the default of 1 MiB, a hundred stores that hold a few
   * rows each would take 100 MiB, and those that are written to would be flushed row by row.
   */
  private static final int ARENA_BLOCK_BYTES = 128 * 1024;

  private static Shared shared;

  private BloomFilter filter;

  private static final class Shared {
    private final long bytes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private int stores;

    private Shared(long bytes) {
      this.bytes = bytes;
      cache = new LRUCache(bytes, -1, false, INDEX_SHARE);
      writeBuffers = new WriteBufferManager(bytes / 2, cache);
    }
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    long bytes =
        Long.parseLong(String.valueOf(configs.get(TwinstreamConfig.STATE_MEMORY_BYTES)).strip());
    Erasure erasure =
        new Erasure(Long.parseLong(String.valueOf(configs.get(Erasure.MAX_AGE_MS)).strip()));
    Shared memory = take(bytes);
    filter = new BloomFilter(FILTER_BITS_A_KEY);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table
        .setBlockCache(memory.cache)
        .setBlockSize(BLOCK_BYTES)
        .setFilterPolicy(filter)
        .setCacheIndexAndFilterBlocks(true)
        .setCacheIndexAndFilterBlocksWithHighPriority(true)
        .setPinTopLevelIndexAndFilter(true);
    options
        .setTableFormatConfig(table)
        .setWriteBufferManager(memory.writeBuffers)
        .setArenaBlockSize(ARENA_BLOCK_BYTES)
        // A deleted row lies in its file until that is compacted: none stays as it is for longer.
        .setPeriodicCompactionSeconds(erasure.stepMillis() / 1000)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION);
  }

  @Override
  public void close(String storeName, Options options) {
    filter.close();
    giveBack();
  }

  private static synchronized Shared take(long bytes) {
    if (shared == null) {
      shared = new Shared(bytes);
    }
    if (shared.bytes != bytes) {
      throw new IllegalArgumentException(
          TwinstreamConfig.STATE_MEMORY_BYTES
              + " is "
              + bytes
              + ", but the stores open in this process share "
              + shared.bytes
              + " bytes: give the applications of one process the same value");
    }
    shared.stores++;
    return shared;
  }

  /** RocksDB counts references to what is shared, so that the order of closing does not matter. */
  private static synchronized void giveBack() {
    shared.stores--;
    if (shared.stores == 0) {
      shared.writeBuffers.close();
      shared.cache.close();
      shared = null;
    }
  }

  /** Stores of this process that are open now. */
  static synchronized int openStores() {
    return shared == null ? 0 : shared.stores;
  }

  /** Bytes that blocks and write buffers of all stores take now. */
  static synchronized long usedBytes() {
    return shared == null ? 0 : shared.cache.getUsage();
  }
}
