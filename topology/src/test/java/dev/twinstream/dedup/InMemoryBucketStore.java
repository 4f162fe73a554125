package dev.twinstream.dedup;

import java.util.HashMap;
import java.util.Map;

/** A bucket partition's memory for tests and benchmarks. */
public class InMemoryBucketStore implements BucketEngine.BucketStore {
  final Map<Integer, byte[]> rows = new HashMap<>();

  @Override
  public byte[] get(int key) {
    return rows.get(key);
  }

  @Override
  public void put(int key, byte[] addressesOrNull) {
    if (addressesOrNull == null) {
      rows.remove(key);
    } else {
      rows.put(key, addressesOrNull);
    }
  }
}
