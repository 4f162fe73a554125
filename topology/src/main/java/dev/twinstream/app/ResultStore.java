package dev.twinstream.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.kafka.common.serialization.Serde;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The last value of each key of an output topic, on disk, so that memory stays bounded. */
final class ResultStore<V> implements AutoCloseable {
  static {
    RocksDB.loadLibrary();
  }

  private final Serde<V> serde;
  private final Options options = new Options().setCreateIfMissing(true);
  private final RocksDB db;

  ResultStore(Path folder, Serde<V> serde) throws IOException {
    this.serde = serde;
    try {
      db = RocksDB.open(options, folder.toString());
    } catch (RocksDBException e) {
      throw new IOException("cannot open a result store in " + folder, e);
    }
  }

  /** Keeps the value; a tombstone removes the key. */
  void put(String key, V valueOrNull) throws IOException {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    try {
      if (valueOrNull == null) {
        db.delete(keyBytes);
      } else {
        db.put(keyBytes, serde.serializer().serialize("results", valueOrNull));
      }
    } catch (RocksDBException e) {
      throw new IOException("cannot write result " + key, e);
    }
  }

  /** Null where the key has no value. */
  V get(String key) throws IOException {
    try {
      byte[] value = db.get(key.getBytes(StandardCharsets.UTF_8));
      return value == null ? null : serde.deserializer().deserialize("results", value);
    } catch (RocksDBException e) {
      throw new IOException("cannot read result " + key, e);
    }
  }

  @Override
  public void close() {
    db.close();
    options.close();
  }
}
