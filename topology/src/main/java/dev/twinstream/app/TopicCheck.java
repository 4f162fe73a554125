package dev.twinstream.app;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.DELETE_RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_MS_CONFIG;

import dev.twinstream.app.PlannedTopic.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares a topic as it is with the plan. */
final class TopicCheck {
  /** Of these, more than planned delays the deletion of what was deleted. */
  private static final List<String> DELAYS =
      List.of(SEGMENT_MS_CONFIG, MAX_COMPACTION_LAG_MS_CONFIG, DELETE_RETENTION_MS_CONFIG);

  private static final String KEPT_TOO_LONG =
      "what was deleted or replaced may stay in it longer than "
          + Erasure.MAX_AGE_MS
          + " plans for";

  private static final String REASSIGN =
      "and reassign its partitions with kafka-reassign-partitions.sh";

  /**
   * What is wrong with a topic.
   *
   * @param wrongResults whether results would be wrong, or the application would stop; else
   *     something is lost or kept too long
   * @param sentence the topic, what was found, what is wanted, why, what to do
   */
  record Finding(boolean wrongResults, String sentence) {}

  /**
   * A topic as it is.
   *
   * @param replicas of the partition that has the fewest
   * @param brokers of the cluster
   * @param passedOn bytes of the largest record that all internal topics take
   * @param options defaults of the broker included
   */
  record Found(
      int partitions, int replicas, int brokers, int passedOn, Map<String, String> options) {}

  private final PlannedTopic wanted;
  private final Found found;
  private final boolean compacts;
  private final boolean deletes;
  private final List<Finding> findings = new ArrayList<>();

  private TopicCheck(PlannedTopic wanted, Found found) {
    this.wanted = wanted;
    this.found = found;
    String policy = found.options().get(CLEANUP_POLICY_CONFIG);
    compacts = policy.contains(CLEANUP_POLICY_COMPACT);
    deletes = policy.contains(CLEANUP_POLICY_DELETE);
  }

  /**
   * @return nothing, where all is well
   */
  static List<Finding> of(PlannedTopic wanted, Found found) {
    TopicCheck check = new TopicCheck(wanted, found);
    check.checkPartitions();
    check.checkReplicas();
    check.checkCleanup();
    check.checkRetention();
    check.checkDelays();
    check.checkTimestamps();
    check.checkSize();
    return check.findings;
  }

  private void checkPartitions() {
    boolean fixed = wanted.kind() == Kind.INTERNAL || wanted.kind() == Kind.CHANGELOG;
    if (fixed && found.partitions() != wanted.partitions()) {
      wrong(
          "has "
              + found.partitions()
              + " partitions, but "
              + TwinstreamConfig.PARTITIONS
              + " is "
              + wanted.partitions()
              + ": set it to "
              + found.partitions()
              + ", rebuild with migrate, or start under another application.id");
    }
  }

  private void checkReplicas() {
    if (found.replicas() < wanted.replicas()) {
      warn(
          "has "
              + found.replicas()
              + " replicas, wanted "
              + wanted.replicas()
              + ": what it holds is lost with fewer brokers than planned; add brokers where there"
              + " are not as many, "
              + REASSIGN);
    } else if (found.replicas() == 1 && found.brokers() > 1) {
      warn(
          "has 1 replica in a cluster of "
              + found.brokers()
              + " brokers, wanted 2 at least: what it holds is lost with its broker; set "
              + TopicOptions.REPLICATION_FACTOR
              + " for topics to come, "
              + REASSIGN);
    }
  }

  private void checkCleanup() {
    boolean wantsCompaction = wanted.cleanupPolicy().equals(CLEANUP_POLICY_COMPACT);
    if (wanted.kind() == Kind.INTERNAL && compacts && !wantsCompaction) {
      wrong(differs(CLEANUP_POLICY_CONFIG, "messages that were not read yet are dropped"));
    }
    if (wanted.kind() == Kind.CHANGELOG && !compacts) {
      wrong(differs(CLEANUP_POLICY_CONFIG, "the state cannot be restored from it"));
    }
    if (wanted.kind() == Kind.PARAMETERS && (deletes || !compacts)) {
      wrong(differs(CLEANUP_POLICY_CONFIG, "parameters that must not change are forgotten"));
    }
    if (wanted.kind() == Kind.OUTPUT && wantsCompaction && !compacts) {
      warn(
          differs(
              CLEANUP_POLICY_CONFIG, "it keeps every revision instead of the last of each key"));
    }
    if (wanted.kind() != Kind.INTERNAL && wantedRetention() >= 0 && !deletes) {
      warn(differs(CLEANUP_POLICY_CONFIG, KEPT_TOO_LONG));
    } else if (wanted.kind() == Kind.INPUT && compacts && !wantsCompaction) {
      warn(differs(CLEANUP_POLICY_CONFIG, "of rows with one key it drops those not read yet"));
    }
  }

  private void checkRetention() {
    boolean wrongAlready =
        wanted.kind() == Kind.PARAMETERS || (wanted.kind() == Kind.CHANGELOG && !compacts);
    if (!deletes || wrongAlready) {
      return;
    }
    if (isTold(RETENTION_BYTES_CONFIG) && number(RETENTION_BYTES_CONFIG) >= 0) {
      reportLoss(differs(RETENTION_BYTES_CONFIG, "-1", lost()));
    }
    if (!isTold(RETENTION_MS_CONFIG)) {
      return;
    }
    long kept = number(RETENTION_MS_CONFIG);
    long planned = wantedRetention();
    if (kept >= 0 && (planned < 0 || kept < planned)) {
      reportLoss(differs(RETENTION_MS_CONFIG, Long.toString(planned), lost()));
    } else if (planned >= 0 && (kept < 0 || kept > planned)) {
      warn(differs(RETENTION_MS_CONFIG, KEPT_TOO_LONG));
    }
  }

  private void reportLoss(String sentence) {
    findings.add(finding(wanted.kind() == Kind.CHANGELOG, sentence));
  }

  /** The plan's milliseconds; -1 for no end, and where nothing is deleted by age. */
  private long wantedRetention() {
    return wanted.retentionMs() == null ? -1 : Long.parseLong(wanted.retentionMs());
  }

  private String lost() {
    return switch (wanted.kind()) {
      case INPUT ->
          wantedRetention() < 0
              ? "reset and migrate, which read it again from its start, will not find what is gone"
              : "what the application has not read by then is lost";
      case INTERNAL -> "what the application has not read by then is lost";
      case OUTPUT ->
          wantedRetention() < 0
              ? "results vanish by then"
              : "what its readers have not read by then is lost";
      case CHANGELOG -> "the state restored from it will lack what is gone";
      case PARAMETERS -> "parameters that must not change are forgotten";
    };
  }

  private void checkDelays() {
    for (String delay : DELAYS) {
      String most = wanted.options().get(delay);
      if (most != null && isTold(delay) && number(delay) > Long.parseLong(most)) {
        warn(differs(delay, KEPT_TOO_LONG));
      }
    }
  }

  private void checkTimestamps() {
    String stamps = wanted.options().get(MESSAGE_TIMESTAMP_TYPE_CONFIG);
    if (wanted.kind() == Kind.INTERNAL
        && !stamps.equals(found.options().get(MESSAGE_TIMESTAMP_TYPE_CONFIG))) {
      warn(
          differs(
              MESSAGE_TIMESTAMP_TYPE_CONFIG, "a replay of records older than a day breaks off"));
    }
  }

  private void checkSize() {
    if (!isTold(MAX_MESSAGE_BYTES_CONFIG)) {
      return;
    }
    long size = number(MAX_MESSAGE_BYTES_CONFIG);
    long planned = Long.parseLong(wanted.options().get(MAX_MESSAGE_BYTES_CONFIG));
    switch (wanted.kind()) {
      case INPUT -> {
        if (size < planned) {
          warn(differs(MAX_MESSAGE_BYTES_CONFIG, "its producers cannot send larger records"));
        }
      }
      case INTERNAL -> {
        if (size < planned) {
          warn(differs(MAX_MESSAGE_BYTES_CONFIG, "larger documents become dead letters"));
        }
      }
      case PARAMETERS -> {} // one line
      case OUTPUT -> {
        // What is published of a document has bounded size, whatever its text.
        if (size < TopicOptions.LEAST_OUTPUT_BYTES) {
          wrong(
              differs(
                  MAX_MESSAGE_BYTES_CONFIG,
                  TopicOptions.LEAST_OUTPUT_BYTES + " at least",
                  "dead letters and encodings may have as much, and one stops the application"));
        }
      }
      case CHANGELOG -> {
        long least = Math.min(planned, found.passedOn());
        if (size < least) {
          wrong(
              differs(
                  MAX_MESSAGE_BYTES_CONFIG,
                  least + " at least",
                  "the internal topics bring records as large, and one stops the application"));
        }
      }
    }
  }

  /** Brokers other than Kafka's own do not know all options. */
  private boolean isTold(String option) {
    return found.options().get(option) != null;
  }

  private long number(String option) {
    return Long.parseLong(found.options().get(option));
  }

  private String differs(String option, String why) {
    return differs(option, wanted.options().get(option), why);
  }

  private String differs(String option, String want, String why) {
    return "has "
        + option
        + " "
        + found.options().get(option)
        + ", wanted "
        + want
        + ": "
        + why
        + "; set it to "
        + want;
  }

  private void wrong(String sentence) {
    findings.add(finding(true, sentence));
  }

  private void warn(String sentence) {
    findings.add(finding(false, sentence));
  }

  private Finding finding(boolean wrongResults, String sentence) {
    return new Finding(wrongResults, "topic " + wanted.name() + " " + sentence);
  }
}
