package dev.twinstream.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Bytes of the state stores in a state folder, by store, over all tasks: whatever stores there are.
 *
 * @param data by store, the files that rows are in
 * @param other RocksDB's own logs, manifests and options: a fixed amount a store and partition
 */
record StateSizes(Map<String, Long> data, long other) {
  static StateSizes of(Path stateFolder) throws IOException {
    Map<String, Long> data = new TreeMap<>();
    long other = 0;
    List<Path> files;
    try (Stream<Path> walk = Files.walk(stateFolder)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path store = file.getParent();
      if (!store.getParent().getFileName().toString().equals("rocksdb")) {
        continue;
      }
      if (file.getFileName().toString().endsWith(".sst")) {
        data.merge(store.getFileName().toString(), Files.size(file), Long::sum);
      } else {
        other += Files.size(file);
      }
    }
    return new StateSizes(data, other);
  }

  long total() {
    return other + data.values().stream().mapToLong(Long::longValue).sum();
  }
}
