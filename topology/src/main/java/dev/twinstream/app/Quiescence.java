package dev.twinstream.app;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells when the application has processed all that its topics hold.
 *
 * <p>Under exactly-once an output record and the offset of the input that caused it commit
 * together. So when no committed record lies beyond the group's offsets, and the topics' ends have
 * not moved between two looks, nothing is under way.
 */
final class Quiescence {
  private final Admin admin;
  private final Consumer<byte[], byte[]> consumer;
  private final String group;
  private final List<TopicPartition> partitions;
  private Map<TopicPartition, Long> lastEnds = Map.of();

  /**
   * @param consumer reads committed records only and belongs to no group
   * @param topics every topic that the application reads
   */
  Quiescence(
      Admin admin, Consumer<byte[], byte[]> consumer, String group, Collection<String> topics) {
    this.admin = admin;
    this.consumer = consumer;
    this.group = group;
    this.partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
  }

  /** One look; true when this and the look before found all done. */
  boolean look() throws InterruptedException {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    boolean unmoved = ends.equals(lastEnds);
    lastEnds = ends;
    return unmoved && nothingBeyond(committed(), ends);
  }

  private Map<TopicPartition, Long> committed() throws InterruptedException {
    try {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      Map<TopicPartition, OffsetAndMetadata> found =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata offset = found.get(partition);
        offsets.put(partition, offset == null ? 0 : offset.offset());
      }
      return offsets;
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot read the offsets of group " + group, e.getCause());
    }
  }

  /** What lies between an offset and the end may be transaction markers alone. */
  private boolean nothingBeyond(
      Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
    List<TopicPartition> behind =
        partitions.stream().filter(p -> committed.get(p) < ends.get(p)).toList();
    if (behind.isEmpty()) {
      return true;
    }
    consumer.assign(behind);
    try {
      behind.forEach(p -> consumer.seek(p, committed.get(p)));
      while (behind.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        if (!consumer.poll(Duration.ofMillis(100)).isEmpty()) {
          return false;
        }
      }
      return true;
    } finally {
      consumer.assign(partitions);
    }
  }
}
