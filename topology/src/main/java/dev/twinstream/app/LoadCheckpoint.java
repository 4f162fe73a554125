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
 * How far each input is loaded: what the cluster has acknowledged, kept in a file. It stands for
 * one topic of one cluster.
 */
final class LoadCheckpoint {
  /** Grows with any change of what is kept, {@link Place#hash} included. */
  private static final int VERSION = 2;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final String target;
  private final TreeMap<String, Place> loaded;
  private long time;

  /**
   * A place in an input.
   *
   * @param documents before it
   * @param hash of those documents, see {@link CorpusLoader}
   */
  record Place(long documents, long hash) {
    static final Place START = new Place(0, 0);
  }

  private LoadCheckpoint(Path file, String target, TreeMap<String, Place> loaded, long time) {
    this.file = file;
    this.target = target;
    this.loaded = loaded;
    this.time = time;
  }

  /**
   * Reads the file, or begins a new one where there is none.
   *
   * @throws IllegalArgumentException where it stands for another target, or does not read
   */
  static LoadCheckpoint open(Path file, String target) throws IOException {
    if (!Files.exists(file)) {
      return new LoadCheckpoint(file, target, new TreeMap<>(), Long.MIN_VALUE);
    }
    Map<String, Object> fields;
    TreeMap<String, Place> loaded;
    try {
      fields = JSON.readValue(file.toFile(), new TypeReference<Map<String, Object>>() {});
      loaded =
          JSON.convertValue(fields.get("loaded"), new TypeReference<TreeMap<String, Place>>() {});
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          file + " is no checkpoint of load: " + e.getMessage() + "; name another file", e);
    }
    if (!Integer.valueOf(VERSION).equals(fields.get("version"))) {
      throw new IllegalArgumentException(
          file
              + " is a checkpoint of another version of load: delete it, or name another file with"
              + " --checkpoint, to load all documents again, which changes nothing for those that"
              + " the cluster has");
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
    return new LoadCheckpoint(file, target, loaded, ((Number) fields.get("time")).longValue());
  }

  /** Of the last document that the cluster has acknowledged, or before all times. */
  long time() {
    return time;
  }

  /** Up to where this input need not be sent again. */
  Place loaded(String input) {
    return loaded.getOrDefault(key(input), Place.START);
  }

  /** Writes down that this input is acknowledged up to a place, and the time of what is there. */
  void save(String input, Place place, long lastTime) throws IOException {
    loaded.put(key(input), place);
    time = lastTime;
    Path next = file.resolveSibling(file.getFileName() + ".next");
    JSON.writeValue(
        next.toFile(),
        Map.of("version", VERSION, "target", target, "time", time, "loaded", loaded));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String key(String input) {
    return Path.of(input).toAbsolutePath().normalize().toString();
  }
}
