package dev.twinstream.app;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bytes of the state stores in a state folder, by store, over all tasks: whatever stores there are.
 *
 * @param data by store, the files that rows are in
 * @param other RocksDB's own logs, manifests and options: a fixed amount a store and partition
 */
record StateSizes(Map<String, Long> data, long other) {
  /** What is there now; files may come and go meanwhile. */
  static StateSizes of(Path stateFolder) throws IOException {
    Map<String, Long> data = new TreeMap<>();
    long[] other = {0};
    Files.walkFileTree(
        stateFolder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path store = file.getParent();
            if (store.getParent().getFileName().toString().equals("rocksdb")) {
              if (file.getFileName().toString().endsWith(".sst")) {
                data.merge(store.getFileName().toString(), attributes.size(), Long::sum);
              } else {
                other[0] += attributes.size();
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return new StateSizes(data, other[0]);
  }

  long total() {
    return other + data.values().stream().mapToLong(Long::longValue).sum();
  }
}
