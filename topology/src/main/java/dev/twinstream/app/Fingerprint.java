package dev.twinstream.app;

import dev.twinstream.dedup.DedupParameters;
import dev.twinstream.lsh.TextNormalizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The parameters that shaped the state, kept beside it. */
final class Fingerprint {
  /** Format of the stores and of the topics between them: grows when either changes. */
  private static final int STATE_VERSION = 8;

  private Fingerprint() {}

  /**
   * The parameters that shape the state, as one line.
   *
   * @param model checksum of the bundle, or none
   */
  static String of(TwinstreamConfig config, String model) {
    DedupParameters dedup = config.dedup();
    return String.format(
        Locale.ROOT,
        "state=%d text=%d markup=%s shingle.words=%d permutations=%d bands=%d threshold=%s weights=%s/%s seed=%d"
            + " partitions=%d model=%s max.tokens=%d semantic=%s keys=%s containment=%s"
            + " twin=%s retention=%d clustered.contained=%s",
        STATE_VERSION,
        TextNormalizer.VERSION,
        config.getString(TextOptions.MARKUP),
        dedup.shingleWords(),
        dedup.permutations(),
        dedup.mostBands(),
        dedup.threshold(),
        dedup.falsePositiveWeight(),
        dedup.falseNegativeWeight(),
        dedup.seed(),
        dedup.partitions(),
        model,
        config.getInt(TwinstreamConfig.MAX_TOKENS),
        SemanticOptions.fingerprint(config),
        config.getString(TwinstreamConfig.KEYS),
        config.getString(ContainmentOptions.CONTAINMENT),
        config.getDouble(TwinstreamConfig.TWIN_PROBABILITY),
        config.getLong(TwinstreamConfig.RETENTION_MS),
        dedup.clustersContained());
  }

  /**
   * State made under other parameters would give wrong verdicts in silence. State of topics that a
   * reset has deleted would be taken for that of the new ones.
   *
   * @param topicId Kafka's id of one of the internal topics
   * @throws IllegalArgumentException where another fingerprint or topic is kept
   */
  static void check(TwinstreamConfig config, String wanted, String topicId) {
    Path file = parameters(config);
    String found = kept(file);
    if (found != null && !found.equals(wanted)) {
      throw new IllegalArgumentException(
          "the state in "
              + file.getParent()
              + " was made with ["
              + found
              + "], the configuration says ["
              + wanted
              + "]: restore the old values, rebuild with reset, or start under another"
              + " application.id");
    }
    String origin = kept(origin(config));
    if (origin != null && !origin.equals(topicId)) {
      throw new IllegalArgumentException(
          "the state in "
              + file.getParent()
              + " goes with internal topics that are no longer there, as after a reset from another"
              + " machine, or on another cluster: run reset here too, or name another state.dir");
    }
  }

  /** Where what is kept lies, to be deleted with the state. */
  static List<Path> files(TwinstreamConfig config) {
    return List.of(parameters(config), origin(config));
  }

  private static Path parameters(TwinstreamConfig config) {
    return beside(config, ".fingerprint");
  }

  private static Path origin(TwinstreamConfig config) {
    return beside(config, ".origin");
  }

  private static Path beside(TwinstreamConfig config, String suffix) {
    return Path.of(
        config.getString(TwinstreamConfig.STATE_DIR),
        config.getString(TwinstreamConfig.APPLICATION_ID) + suffix);
  }

  /** Whether this machine's state was made under it. */
  static boolean isKept(TwinstreamConfig config, String fingerprint) {
    return fingerprint.equals(kept(parameters(config)));
  }

  /** Keeps both beside the state, from the first start on. */
  static void keep(TwinstreamConfig config, String fingerprint, String topicId) {
    write(parameters(config), fingerprint);
    write(origin(config), topicId);
  }

  private static void write(Path file, String line) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, line + "\n");
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** What the file holds; null where there is none. */
  private static String kept(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file).strip() : null;
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
