package dev.twinstream.app;

import dev.twinstream.dedup.DedupTopology;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.HyperClockCache;
import org.rocksdb.Options;
import org.rocksdb.Priority;
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
 * <p>Rows are many and short, so that what RocksDB adds to them counts: a sequence number of 8
 * bytes each, which it clears only in the lowest level. By levels, whose sizes follow from the
 * lowest one's, nine tenths of the data lie there; under Kafka Streams' default, universal
 * compaction, much of it lies in newer files.
 *
 * <p>Kafka Streams makes one setter a store. Stores come and go as partitions do: the first takes
 * the shared memory, the last gives it back.
 */
public final class StateMemory implements RocksDBConfigSetter {
  /** The cache's table grows with its blocks. */
  private static final long BLOCKS_OF_ANY_SIZE = 0;

  /** Larger than the default of 4 KiB: ids and keys beside each other compress better. */
  private static final int BLOCK_BYTES = 32 * 1024;

  /** Where rows are read at random, a block read is a block for one row. */
  private static final int RANDOM_BLOCK_BYTES = 8 * 1024;

  private static final int UNPACKED_BLOCK_BYTES = 4 * 1024;

  /** From one whole key to the next: rows between leave out what they share with the one before. */
  private static final int ROWS_BETWEEN_WHOLE_KEYS = 32;

  private static final int FILTER_BITS_A_KEY = 8;

  /**
   * What a write buffer takes at least. With the default of 1 MiB, a hundred stores that hold a few
   * rows each would take 100 MiB, and those that are written to would be flushed row by row.
   */
  private static final int ARENA_BLOCK_BYTES = 128 * 1024;

  /**
   * A store larger than this has a second level, so that small files need not be merged with all.
   */
  private static final long LEVEL_BASE_BYTES = 32L * 1024 * 1024;

  private static final long FILE_BYTES = 8L * 1024 * 1024;

  /** New files are merged when there are so many: rows in them take more room. */
  private static final int NEW_FILES = 3;

  private static final int PACKING_LEVEL = 3;

  /**
   * Rows of a store are alike: a file's blocks share some as a dictionary, one that needs no
   * training.
   */
  private static final int DICTIONARY_BYTES = 16 * 1024;

  /** Most that is read in these is in files: a filter spares the search of what is not yet. */
  private static final Set<String> MUCH_READ =
      Set.of(DedupTopology.CONTENTS, DedupTopology.BUCKETS);

  /** Of a write buffer. */
  private static final double MEMTABLE_FILTER_SHARE = 0.01;

  /** Write buffers take from this to so much more. */
  private static final long LEAST_WRITE_BUFFER_BYTES = 12L * 1024 * 1024;

  private static final long WRITE_BUFFER_SPREAD_BYTES = 8L * 1024 * 1024;

  /** Multiples of it, modulo 1, spread evenly however many there are (Knuth, volume 3, 6.4). */
  private static final double GOLDEN_RATIO = 0.6180339887498949;

  private static Shared shared;

  private BloomFilter filter;
  private CompressionOptions packing;

  private static final class Shared {
    private final long bytes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final AtomicInteger opened = new AtomicInteger();
    private int stores;

    private Shared(long bytes) {
      this.bytes = bytes;
      cache = new HyperClockCache(bytes, BLOCKS_OF_ANY_SIZE, -1, false);
      writeBuffers = new WriteBufferManager(bytes / 2, cache);
      // Merging files can wait, documents should not: its threads take what processors have left.
      Env.getDefault().lowerThreadPoolCPUPriority(Priority.LOW);
    }

    /**
     * Partitions grow alike: with write buffers of one size all would be written out, and merged,
     * in the same seconds, and documents would wait for a processor meanwhile.
     */
    private long nextWriteBufferBytes() {
      double share = opened.getAndIncrement() * GOLDEN_RATIO % 1;
      return LEAST_WRITE_BUFFER_BYTES + (long) (share * WRITE_BUFFER_SPREAD_BYTES);
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
    packing =
        new CompressionOptions()
            .setLevel(PACKING_LEVEL)
            .setMaxDictBytes(DICTIONARY_BYTES)
            .setEnabled(true);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table
        .setBlockCache(memory.cache)
        .setBlockSize(blockBytes(storeName))
        .setBlockRestartInterval(ROWS_BETWEEN_WHOLE_KEYS)
        .setFilterPolicy(filter)
        .setCacheIndexAndFilterBlocks(true)
        .setCacheIndexAndFilterBlocksWithHighPriority(true)
        .setPinTopLevelIndexAndFilter(true);
    options
        .setTableFormatConfig(table)
        .setWriteBufferManager(memory.writeBuffers)
        .setArenaBlockSize(ARENA_BLOCK_BYTES)
        .setWriteBufferSize(memory.nextWriteBufferBytes())
        // A deleted row lies in its file until that is compacted: none stays as it is for longer.
        .setPeriodicCompactionSeconds(erasure.stepMillis() / 1000)
        .setCompactionStyle(CompactionStyle.LEVEL)
        .setLevelCompactionDynamicLevelBytes(true)
        .setMaxBytesForLevelBase(LEVEL_BASE_BYTES)
        .setTargetFileSizeBase(FILE_BYTES)
        .setLevel0FileNumCompactionTrigger(NEW_FILES)
        .setCompressionOptions(packing)
        .setCompressionType(
            storeName.equals(DedupTopology.CONTENTS)
                ? CompressionType.NO_COMPRESSION
                : CompressionType.ZSTD_COMPRESSION);
    if (MUCH_READ.contains(storeName)) {
      options
          .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_SHARE)
          .setMemtableWholeKeyFiltering(true);
    }
  }

  private static int blockBytes(String storeName) {
    return switch (storeName) {
      case DedupTopology.CONTENTS -> UNPACKED_BLOCK_BYTES;
      case DedupTopology.BUCKETS -> RANDOM_BLOCK_BYTES;
      default -> BLOCK_BYTES;
    };
  }

  @Override
  public void close(String storeName, Options options) {
    filter.close();
    packing.close();
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
