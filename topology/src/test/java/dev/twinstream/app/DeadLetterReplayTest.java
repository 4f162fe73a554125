package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.app.DeadLetterReplay.Refused;
import dev.twinstream.dedup.DeadLetters;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.TopicNames;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

/** Which originals can be sent back, and what to do about the others. */
class DeadLetterReplayTest {
  private final DeadLetterReplay replay =
      new DeadLetterReplay(TopicNames.standard("documents"), 1, "notes");

  private static DeadLetter letter(String topic) {
    return letter(topic, 0, 3);
  }

  private static DeadLetter letter(String topic, long offset, int bytes) {
    ByteBuffer original = ByteBuffer.wrap(new byte[bytes]);
    return new DeadLetter(topic, 0, offset, "refused", null, original, (long) bytes);
  }

  private static Refused refused(long offset, int bytes, String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (String header : headers) {
      all.add(header, Utils.utf8("1"));
    }
    return new Refused(letter("documents", offset, bytes), all);
  }

  @Test
  void shouldSayWhatTheOriginalIsWhereItCannotBeReplayed() {
    assertThat(replay.obstacle(letter("documents"))).isEmpty();
    assertThat(replay.obstacle(letter("pair-marks")).orElseThrow())
        .startsWith("it is the mark of a pair, no document: send the mark to pair-marks again");
    assertThat(replay.obstacle(letter("checks")).orElseThrow())
        .startsWith("it is a text to look up, no document: ask again");
    assertThat(replay.obstacle(letter("twinstream-documents-by-id")).orElseThrow())
        .endsWith("whose letters keep the text alone: send the document to documents again");
  }

  /** A dead-letter topic may take longer to read than a transaction may last. */
  @Test
  void shouldOpenNoTransactionBeforeThereIsEnoughToSend() {
    try (MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      for (int i = 0; i < 499; i++) {
        assertThat(replay.keep(refused(i, 3))).isFalse();
      }
      assertThat(replay.keep(refused(499, 3))).as("enough letters").isTrue();
      assertThat(producer.transactionInFlight()).isFalse();

      assertThat(replay.send(producer)).hasSize(500);

      assertThat(producer.transactionCommitted()).isTrue();
      assertThat(producer.history()).as("originals and notes").hasSize(1000);
      assertThat(replay.send(producer)).isEmpty();
      assertThat(replay.keep(refused(500, 16 << 20))).as("enough bytes").isTrue();
    }
  }

  @Test
  void shouldSendTheHeadersThatWereKept() {
    Refused whole = refused(1, 3, "trace");
    Refused cut = refused(2, 3, DeadLetters.HEADERS_LEFT_OUT);
    try (MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      replay.keep(whole);
      replay.keep(cut);
      replay.send(producer);

      assertThat(producer.history().get(0).headers()).isEqualTo(whole.headers());
      assertThat(producer.history().get(2).headers()).isEmpty();
    }
    assertThat(whole.loss()).isEmpty();
    assertThat(cut.loss()).isEqualTo("\twithout its headers: their 1 bytes were not kept");
  }
}
