package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;

import dev.twinstream.schemas.TopicNames;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Names of the topics beside the input. */
final class TopicOptions {
  static final String CHECKS = "checks.topic";
  static final String CHECK_RESULTS = "check.results.topic";
  static final String PAIR_MARKS = "pair.marks.topic";
  static final String ENCODINGS = "encodings.topic";
  static final String NEAR_DUPLICATES = "near.duplicates.topic";
  static final String CLUSTER_MEMBERS = "cluster.members.topic";
  static final String CLUSTERS = "clusters.topic";

  private static final TopicNames STANDARD = TopicNames.standard("documents");

  private TopicOptions() {}

  static void addTo(ConfigDef definition) {
    define(definition, CHECKS, STANDARD.questions(), "texts that are looked up and not stored");
    define(definition, CHECK_RESULTS, STANDARD.answers(), "the answers to them");
    define(definition, PAIR_MARKS, STANDARD.pairMarks(), "what users say of pairs");
    define(definition, ENCODINGS, STANDARD.encodings(), "encodings");
    define(definition, NEAR_DUPLICATES, STANDARD.nearDuplicates(), "verdicts");
    define(definition, CLUSTER_MEMBERS, STANDARD.clusterMembers(), "each document's cluster");
    define(definition, CLUSTERS, STANDARD.clusters(), "clusters");
  }

  private static void define(ConfigDef definition, String key, String name, String holds) {
    definition.define(
        key,
        Type.STRING,
        name,
        new ConfigDef.NonEmptyString(),
        LOW,
        "The topic of " + holds + ". Two applications on one cluster need topics of their own.");
  }

  static TopicNames of(TwinstreamConfig config) {
    String documents = config.getString(TwinstreamConfig.DOCUMENTS_TOPIC);
    return new TopicNames(
        documents,
        config.getString(CHECKS),
        config.getString(PAIR_MARKS),
        config.getString(ENCODINGS),
        config.getString(NEAR_DUPLICATES),
        config.getString(CLUSTER_MEMBERS),
        config.getString(CLUSTERS),
        config.getString(CHECK_RESULTS),
        TopicNames.standard(documents).deadLetters());
  }
}
