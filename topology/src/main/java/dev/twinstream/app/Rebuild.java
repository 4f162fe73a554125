package dev.twinstream.app;

import dev.twinstream.app.PlannedTopic.Kind;
import dev.twinstream.encode.EncodeTopology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.utils.Utils;

/**
 * Takes an application back to before its first start: its internal topics, changelogs, committed
 * offsets and the state of this machine go; documents, pair marks and dead letters stay. The next
 * start reads the documents from their beginning.
 */
final class Rebuild {
  private static final int GONE_TRIES = 600;
  private static final long GONE_WAIT_MS = 100;

  private final TwinstreamConfig config;
  private final Admin admin;
  private final Topics topics;
  private final List<PlannedTopic> plan;

  Rebuild(TwinstreamConfig config, Admin admin) {
    this.config = config;
    this.admin = admin;
    this.topics = new Topics(admin);
    this.plan = TopicPlan.of(config);
  }

  /** What will be done, a sentence a line. */
  List<String> describe(boolean outputsToo) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    lines.add("topics deleted: " + named(doomed(outputsToo)));
    lines.add("committed offsets deleted: " + named(groups().keySet()));
    lines.add(
        "state deleted on this machine: "
            + folders().stream().map(Path::toString).collect(Collectors.joining(", ")));
    String documents = config.getString(TwinstreamConfig.DOCUMENTS_TOPIC);
    long dropped = partitionsWithoutStart(documents);
    if (dropped > 0) {
      lines.add(
          "topic "
              + documents
              + " has dropped its oldest records on "
              + dropped
              + " partitions: their documents cannot be found again");
    }
    lines.add(
        outputsToo
            ? "results are published anew, in new topics"
            : "results are published anew, beginning with revision 1 again: a reader that ignores"
                + " lower revisions has to begin anew too; clusters get new ids, and the"
                + " records of the old ones stay");
    lines.add("dead letters of documents that are still refused are written once more");
    return lines;
  }

  private static String named(Collection<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  /**
   * Does it, and waits until the topics are gone.
   *
   * @throws IllegalStateException where the application runs
   */
  void run(boolean outputsToo) throws IOException, InterruptedException {
    Set<String> names = doomed(outputsToo);
    tryDeletion(names);
    deleteGroups();
    Topics.get(admin.deleteTopics(names).all());
    for (int left = GONE_TRIES; topics.existing().stream().anyMatch(names::contains); left--) {
      if (left == 0) {
        throw new IllegalStateException("the cluster still has topics that were deleted: " + names);
      }
      Thread.sleep(GONE_WAIT_MS);
    }
    for (Path folder : folders()) {
      Utils.delete(folder.toFile());
    }
    for (Path file : Fingerprint.files(config)) {
      Files.deleteIfExists(file);
    }
  }

  /**
   * A cluster that deletes no topics is to say so before the offsets are gone: a start after that
   * would read everything again into the state that is left. So the topic goes first that an
   * application which is stopped can best do without: the next start writes it anew.
   */
  private void tryDeletion(Set<String> names) throws InterruptedException {
    groups(); // refuses where the application runs
    String least = ClusterFingerprint.topic(config.getString(TwinstreamConfig.APPLICATION_ID));
    if (names.remove(least)) {
      Topics.get(admin.deleteTopics(List.of(least)).all());
    }
  }

  /**
   * Partitions of the internal topics as they are on the cluster.
   *
   * @return 0 where there are none
   */
  int partitions() throws InterruptedException {
    Set<String> existing = topics.existing();
    for (PlannedTopic topic : plan) {
      if (topic.kind() == Kind.INTERNAL && existing.contains(topic.name())) {
        return descriptions(List.of(topic.name())).get(topic.name()).partitions().size();
      }
    }
    return 0;
  }

  /**
   * Each group of the application, with what it is.
   *
   * @throws IllegalStateException where one has members
   */
  private Map<String, GroupType> groups() throws InterruptedException {
    String id = config.getString(TwinstreamConfig.APPLICATION_ID);
    Set<String> ours = Set.of(id, EncodeTopology.applicationId(id));
    Map<String, GroupType> groups = new HashMap<>();
    for (GroupListing group : Topics.get(admin.listGroups().all())) {
      if (!ours.contains(group.groupId())) {
        continue;
      }
      GroupState state = group.groupState().orElse(GroupState.UNKNOWN);
      if (state != GroupState.EMPTY && state != GroupState.DEAD) {
        throw running(group.groupId());
      }
      groups.put(group.groupId(), group.type().orElse(GroupType.CLASSIC));
    }
    return groups;
  }

  private static IllegalStateException running(String group) {
    return new IllegalStateException(
        "the application runs: its group "
            + group
            + " has members. Stop every instance; one that was stopped or killed stays a member"
            + " for session.timeout.ms (45 s): wait for that, and try again");
  }

  private void deleteGroups() throws InterruptedException {
    for (Map.Entry<String, GroupType> group : groups().entrySet()) {
      List<String> name = List.of(group.getKey());
      KafkaFuture<Void> done =
          group.getValue() == GroupType.STREAMS
              ? admin.deleteStreamsGroups(name).all()
              : admin.deleteConsumerGroups(name).all();
      try {
        Topics.get(done);
      } catch (IllegalStateException e) {
        if (e.getCause().getCause() instanceof GroupNotEmptyException) {
          throw running(group.getKey());
        }
        throw e;
      }
    }
  }

  private Set<String> doomed(boolean outputsToo) throws InterruptedException {
    String deadLetters = config.getString(TwinstreamConfig.DOCUMENTS_TOPIC) + "-dlq";
    Set<String> names = new TreeSet<>();
    for (PlannedTopic topic : plan) {
      boolean ours = topic.kind() != Kind.INPUT && topic.kind() != Kind.OUTPUT;
      boolean result = topic.kind() == Kind.OUTPUT && !topic.name().equals(deadLetters);
      if (ours || (outputsToo && result)) {
        names.add(topic.name());
      }
    }
    names.retainAll(topics.existing());
    return names;
  }

  private List<Path> folders() {
    Path states = Path.of(config.getString(TwinstreamConfig.STATE_DIR));
    String id = config.getString(TwinstreamConfig.APPLICATION_ID);
    return List.of(states.resolve(id), states.resolve(EncodeTopology.applicationId(id)));
  }

  private long partitionsWithoutStart(String topic) throws InterruptedException {
    if (!topics.existing().contains(topic)) {
      return 0;
    }
    Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
    descriptions(List.of(topic))
        .get(topic)
        .partitions()
        .forEach(
            found ->
                starts.put(new TopicPartition(topic, found.partition()), OffsetSpec.earliest()));
    return Topics.get(admin.listOffsets(starts).all()).values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .filter(offset -> offset > 0)
        .count();
  }

  private Map<String, TopicDescription> descriptions(Collection<String> names)
      throws InterruptedException {
    return Topics.get(admin.describeTopics(names).allTopicNames());
  }
}
