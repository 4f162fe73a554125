package dev.twinstream.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.encode.EncodeTopology;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What counts as waiting for the encoder, where the waiting goes on while it is looked at. */
class QuiescenceTest {
  private static final TopicPartition WAITING =
      new TopicPartition(EncodeTopology.waitingTopic("app"), 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

  /** A document waits from offset 0 on, and no more at offset 1. */
  private boolean nothingWaits(long end) {
    consumer.updatePartitions(
        WAITING.topic(), List.of(new PartitionInfo(WAITING.topic(), 0, null, null, null)));
    consumer.updatePartitions("in", List.of());
    consumer.updateBeginningOffsets(Map.of(WAITING, 0L));
    consumer.schedulePollTask(
        () -> {
          byte[] key = "document".getBytes(UTF_8);
          consumer.addRecord(new ConsumerRecord<>(WAITING.topic(), 0, 0, key, key));
          consumer.addRecord(new ConsumerRecord<>(WAITING.topic(), 0, 1, key, null));
        });
    return new Quiescence(null, consumer, Map.of("app", List.of("in")), List.of())
        .nothingWaits(Map.of(WAITING, end));
  }

  @Test
  void shouldNotHoldADocumentForDoneThatWentOnSinceTheEndsWereRead() {
    assertThat(nothingWaits(1)).isFalse();
  }

  @Test
  void shouldHoldADocumentForDoneThatWentOnBefore() {
    assertThat(nothingWaits(2)).isTrue();
  }
}
