package dev.twinstream.app;

import dev.twinstream.encode.EncodeTopology;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells when the application has processed all that its topics hold.
 *
 * <p>Under exactly-once an output record and the offset of the input that caused it are one
 * transaction, but its end reaches the partitions one by one: an offset may show while the output
 * is still held back. So the offsets are read first, then the ends; all is done when no partition
 * holds back anything (last stable offset = high watermark) and no record lies beyond the offsets.
 * The encoder's offsets also pass documents that wait for their batch: the topic behind their store
 * tells of these.
 */
final class Quiescence {
  /**
   * Records at the end of a partition that tell what waits: a batch takes all there is, so that no
   * more than two batches and as many transactions' ends lie behind a document that waits.
   */
  private static final int LAST_RECORDS = 5_000;

  private final Admin admin;
  private final Consumer<byte[], byte[]> consumer;
  private final Map<String, List<TopicPartition>> sources = new HashMap<>();
  private final List<TopicPartition> all;
  private final List<TopicPartition> waiting;

  /**
   * @param consumer reads committed records only and belongs to no group
   * @param sources the topics that each consumer group of the application reads
   * @param outputs the topics that it only writes
   */
  Quiescence(
      Admin admin,
      Consumer<byte[], byte[]> consumer,
      Map<String, List<String>> sources,
      Collection<String> outputs) {
    this.admin = admin;
    this.consumer = consumer;
    this.all = new ArrayList<>(partitionsOf(outputs));
    sources.forEach(
        (group, topics) -> {
          this.sources.put(group, partitionsOf(topics));
          this.all.addAll(partitionsOf(topics));
        });
    Set<String> existing = consumer.listTopics().keySet();
    this.waiting =
        partitionsOf(
            sources.keySet().stream()
                .map(EncodeTopology::waitingTopic)
                .filter(existing::contains)
                .toList());
    this.all.addAll(waiting);
  }

  private List<TopicPartition> partitionsOf(Collection<String> topics) {
    return topics.stream()
        .flatMap(topic -> consumer.partitionsFor(topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /** One look. */
  boolean look() throws InterruptedException {
    try {
      Map<String, Map<TopicPartition, Long>> committed = new HashMap<>();
      for (String group : sources.keySet()) {
        committed.put(group, committed(group));
      }
      Map<TopicPartition, Long> ends = ends(IsolationLevel.READ_UNCOMMITTED);
      return ends.equals(ends(IsolationLevel.READ_COMMITTED))
          && committed.values().stream().allMatch(offsets -> nothingBeyond(offsets, ends))
          && nothingWaits(ends);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot read offsets: " + e.getCause().getMessage(), e);
    }
  }

  private Map<TopicPartition, Long> committed(String group)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> found =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    for (TopicPartition partition : sources.get(group)) {
      OffsetAndMetadata offset = found.get(partition);
      offsets.put(partition, offset == null ? 0 : offset.offset());
    }
    return offsets;
  }

  private Map<TopicPartition, Long> ends(IsolationLevel isolation)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    all.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(wanted, new ListOffsetsOptions(isolation))
        .all()
        .get()
        .forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }

  /** What lies between an offset and the end may be transaction markers alone. */
  private boolean nothingBeyond(
      Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
    List<TopicPartition> behind =
        committed.keySet().stream().filter(p -> committed.get(p) < ends.get(p)).toList();
    consumer.assign(behind);
    behind.forEach(p -> consumer.seek(p, committed.get(p)));
    while (behind.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      if (!consumer.poll(Duration.ofMillis(100)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /**
   * What was written since the ends were read is no part of the look: it may take a document on.
   */
  boolean nothingWaits(Map<TopicPartition, Long> ends) {
    consumer.assign(waiting);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(waiting);
    for (TopicPartition partition : waiting) {
      consumer.seek(
          partition, Math.max(beginnings.get(partition), ends.get(partition) - LAST_RECORDS));
    }
    Set<List<Object>> keys = new HashSet<>();
    while (waiting.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        List<Object> key = List.of(record.partition(), ByteBuffer.wrap(record.key()));
        if (record.offset() >= ends.get(new TopicPartition(record.topic(), record.partition()))) {
          continue;
        }
        if (record.value() != null) {
          keys.add(key);
        } else {
          keys.remove(key);
        }
      }
    }
    return keys.isEmpty();
  }
}
