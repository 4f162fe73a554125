package dev.twinstream.schemas;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names of the topics that others write or read. Two applications on one cluster need names of
 * their own.
 *
 * @param documents input
 * @param questions texts that are looked up and not stored
 * @param pairMarks what users say of pairs
 * @param answers to the questions
 */
public record TopicNames(
    String documents,
    String questions,
    String pairMarks,
    String encodings,
    String nearDuplicates,
    String clusterMembers,
    String clusters,
    String answers,
    String deadLetters) {

  /**
   * @throws IllegalArgumentException where two are the same
   */
  public TopicNames {
    Set<String> seen = new HashSet<>();
    for (String name :
        List.of(
            documents,
            questions,
            pairMarks,
            encodings,
            nearDuplicates,
            clusterMembers,
            clusters,
            answers,
            deadLetters)) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "two topics have the name " + name + "; give each a name of its own");
      }
    }
  }

  /** The names that are the defaults of the options. */
  public static TopicNames standard(String documents) {
    return new TopicNames(
        documents,
        "checks",
        "pair-marks",
        "encodings",
        "near-duplicates",
        "cluster-members",
        "clusters",
        "check-results",
        documents + "-dlq");
  }
}
