package dev.twinstream.app;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import dev.twinstream.app.PlannedTopic.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares a topic as it is with the plan. */
final class TopicCheck {
  /**
   * What is wrong with a topic.
   *
   * @param wrongResults whether results would be wrong; else something is lost or kept too long
   * @param sentence the topic, what was found, what is wanted, what to do
   */
  record Finding(boolean wrongResults, String sentence) {}

  private final PlannedTopic wanted;
  private final int partitions;
  private final Map<String, String> options;
  private final List<Finding> findings = new ArrayList<>();

  private TopicCheck(PlannedTopic wanted, int partitions, Map<String, String> options) {
    this.wanted = wanted;
    this.partitions = partitions;
    this.options = options;
  }

  /**
   * @param partitions as found
   * @param options as found, defaults of the broker included
   * @return nothing, where all is well
   */
  static List<Finding> of(PlannedTopic wanted, int partitions, Map<String, String> options) {
    TopicCheck check = new TopicCheck(wanted, partitions, options);
    check.checkPartitions();
    check.checkCleanup();
    return check.findings;
  }

  private void checkPartitions() {
    boolean fixed = wanted.kind() == Kind.INTERNAL || wanted.kind() == Kind.CHANGELOG;
    if (fixed && partitions != wanted.partitions()) {
      wrong(
          "has "
              + partitions
              + " partitions, but "
              + TwinstreamConfig.PARTITIONS
              + " is "
              + wanted.partitions()
              + ": set it to "
              + partitions
              + ", rebuild with migrate, or start under another application.id");
    }
  }

  private void checkCleanup() {
    boolean compacts = options.get(CLEANUP_POLICY_CONFIG).contains(CLEANUP_POLICY_COMPACT);
    boolean deletes = options.get(CLEANUP_POLICY_CONFIG).contains(CLEANUP_POLICY_DELETE);
    boolean wantsCompaction = wanted.cleanupPolicy().equals(CLEANUP_POLICY_COMPACT);
    if (wanted.kind() == Kind.INTERNAL && compacts && !wantsCompaction) {
      wrong(
          "is compacted, which drops messages that were not read yet: set its "
              + CLEANUP_POLICY_CONFIG
              + " to delete");
    }
    if (wanted.kind() == Kind.CHANGELOG && !compacts) {
      wrong(
          "is not compacted, so the state cannot be restored from it: set its "
              + CLEANUP_POLICY_CONFIG
              + " to compact");
    }
    if (wanted.kind() == Kind.OUTPUT && wantsCompaction && !compacts) {
      warn(
          "is not compacted: it keeps every revision, not the last of each key; set its "
              + CLEANUP_POLICY_CONFIG
              + " to compact");
    }
    if (deletes && (compacts || wanted.kind() != Kind.CHANGELOG)) {
      checkRetention();
    }
    String stamps = wanted.options().get(MESSAGE_TIMESTAMP_TYPE_CONFIG);
    if (wanted.kind() == Kind.INTERNAL && !stamps.equals(stamps())) {
      warn(
          "has "
              + MESSAGE_TIMESTAMP_TYPE_CONFIG
              + " "
              + stamps()
              + ", which breaks a replay of records older than a day: set it to "
              + stamps);
    }
  }

  private String stamps() {
    return options.get(MESSAGE_TIMESTAMP_TYPE_CONFIG);
  }

  private void checkRetention() {
    long found = Long.parseLong(options.get(RETENTION_MS_CONFIG));
    boolean bySize = Long.parseLong(options.get(RETENTION_BYTES_CONFIG)) >= 0;
    long kept = Long.parseLong(wanted.options().getOrDefault(RETENTION_MS_CONFIG, "-1"));
    if (kept >= 0 || (found < 0 && !bySize)) {
      return;
    }
    String drops =
        found >= 0
            ? "drops records after " + found / 1000 + " s"
            : "drops records over " + options.get(RETENTION_BYTES_CONFIG) + " bytes a partition";
    String consequence =
        switch (wanted.kind()) {
          case INPUT -> "reset and migrate, which read it again from its start, will not find them";
          case INTERNAL -> "what the application has not read by then is lost";
          case OUTPUT -> "results vanish by then";
          case CHANGELOG -> "the state restored from it will lack them";
        };
    if (wanted.kind() == Kind.CHANGELOG) {
      wrong(drops + ": " + consequence);
    } else {
      warn(drops + ": " + consequence);
    }
  }

  private void wrong(String sentence) {
    findings.add(new Finding(true, "topic " + wanted.name() + " " + sentence));
  }

  private void warn(String sentence) {
    findings.add(new Finding(false, "topic " + wanted.name() + " " + sentence));
  }
}
