package dev.twinstream.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many documents of each input the cluster has acknowledged, kept in a file. It stands for one
 * topic of one cluster.
 */
final class LoadCheckpoint {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final State state;

  /**
   * @param target cluster id and topic
   * @param loaded documents by input
   */
  private record State(String target, TreeMap<String, Long> loaded) {}

  private LoadCheckpoint(Path file, State state) {
    this.file = file;
    this.state = state;
  }

  /**
   * Reads the file, or begins a new one where there is none.
   *
   * @throws IllegalArgumentException where it stands for another target, or does not read
   */
  static LoadCheckpoint open(Path file, String target) throws IOException {
    if (!Files.exists(file)) {
      return new LoadCheckpoint(file, new State(target, new TreeMap<>()));
    }
    Map<String, Object> fields;
    TreeMap<String, Long> loaded;
    try {
      fields = JSON.readValue(file.toFile(), new TypeReference<Map<String, Object>>() {});
      loaded =
          JSON.convertValue(fields.get("loaded"), new TypeReference<TreeMap<String, Long>>() {});
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          file + " is no checkpoint of load: " + e.getMessage() + "; name another file", e);
    }
    if (!target.equals(fields.get("target")) || loaded == null) {
      throw new IllegalArgumentException(
          file
              + " is the checkpoint of "
              + fields.get("target")
              + ", this load goes to "
              + target
              + ": name another file with --checkpoint, or delete it");
    }
    return new LoadCheckpoint(file, new State(target, loaded));
  }

  /** Documents of this input that need not be sent again. */
  long loaded(String input) {
    return state.loaded.getOrDefault(key(input), 0L);
  }

  /** Writes down that so many documents of this input are acknowledged. */
  void save(String input, long documents) throws IOException {
    state.loaded.put(key(input), documents);
    Path next = file.resolveSibling(file.getFileName() + ".next");
    JSON.writeValue(next.toFile(), Map.of("target", state.target, "loaded", state.loaded));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String key(String input) {
    return Path.of(input).toAbsolutePath().normalize().toString();
  }
}
