package dev.twinstream.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Without an encoder, each bad record gives a dead letter with its cause, or a verdict, and the
 * stream goes on.
 */
class BadInputTest {
  private static final int LIMIT = 1 << 20;

  @TempDir Path folder;
  private TopologyTestDriver driver;
  private TopicCatalogue topics;
  private TestInputTopic<byte[], byte[]> documents;
  private TestOutputTopic<String, Verdict> verdicts;
  private TestOutputTopic<String, DeadLetter> deadLetters;

  @BeforeEach
  void start() {
    Application application =
        new Application(
            new TwinstreamConfig(
                Map.of(
                    TwinstreamConfig.BOOTSTRAP_SERVERS,
                    "unused:1",
                    TwinstreamConfig.PARTITIONS,
                    "1",
                    TwinstreamConfig.BUNDLE,
                    TwinstreamConfig.NO_ENCODER,
                    TwinstreamConfig.STATE_DIR,
                    folder.toString())),
            LIMIT,
            null);
    driver = new TopologyTestDriver(application.topology(), application.streamsProperties());
    topics = application.topics();
    documents =
        driver.createInputTopic(
            topics.documents().name(), new ByteArraySerializer(), new ByteArraySerializer());
    verdicts =
        driver.createOutputTopic(
            topics.nearDuplicates().name(),
            new StringDeserializer(),
            topics.nearDuplicates().valueSerde().deserializer());
    deadLetters =
        driver.createOutputTopic(
            topics.deadLetters().name(),
            new StringDeserializer(),
            topics.deadLetters().valueSerde().deserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void shouldNameTheCauseOfEachBadRecordAndGoOn() {
    assertDeadLetter("no json at all".getBytes(UTF_8), "not JSON");
    assertDeadLetter("[1, 2]".getBytes(UTF_8), "no JSON object but a ARRAY");
    assertDeadLetter("{\"text\": \"a text\"}".getBytes(UTF_8), "neither an id nor a record key");
    assertDeadLetter("".getBytes(UTF_8), "but empty");
    assertDeadLetter("{\"id\": \"\\ud800\", \"text\": \"a\"}".getBytes(UTF_8), "lone surrogate");
    assertDeadLetter("{\"id\": \"\", \"text\": \"a\"}".getBytes(UTF_8), "no id");
    assertDeadLetter("{\"id\": \"a\"}".getBytes(UTF_8), "neither a text nor deleted");
    assertDeadLetter("{\"id\": \"a\", \"text\": 7}".getBytes(UTF_8), "text is a NUMBER");
    assertDeadLetter(
        "{\"id\": \"a\", \"text\": \"b\", \"published_at\": \"soon\"}".getBytes(UTF_8),
        "published_at is \"soon\"");
    assertDeadLetter(
        "{\"id\": \"a\", \"text\": \"b\", \"deleted\": \"yes\"}".getBytes(UTF_8),
        "deleted is a STRING; wanted true or false");
    assertDeadLetter(
        "{\"id\": \"a\", \"text\": \"b\"} {\"id\": \"c\", \"text\": \"d\"}".getBytes(UTF_8),
        "more stands behind the JSON value");
    assertDeadLetter(
        topics.pairMarks().name(),
        "{\"a\": \"a\", \"b\": \"b\", \"mark\": \"twins\"} 7".getBytes(UTF_8),
        "more stands behind the JSON value");
    assertDeadLetter(new byte[] {'{', (byte) 0xff, '}'}, "not UTF-8");
    assertDeadLetter(row("i".repeat(2000), "a text"), "the id has 2000 bytes");
    assertDeadLetter(
        ("{\"id\": \"a\", \"text\": \"b\", \"scope\": \"" + "s".repeat(2000) + "\"}")
            .getBytes(UTF_8),
        "the scope has 2000 bytes");
    assertDeadLetter(row("big", "word ".repeat(LIMIT / 4)), "raise max.message.bytes");
    assertThat(verdict("last", "the stream has gone on")).isNotNull();
  }

  @Test
  void shouldKeepTheHeadersOfABadRecordWhereTheyAreNotTooLarge() {
    Headers headers = new RecordHeaders().add("trace", new byte[32 * 1024 - 15]);
    documents.pipeInput(new TestRecord<>(null, "no json".getBytes(UTF_8), headers));
    assertThat(deadLetters.readRecord().headers()).isEqualTo(headers);
    headers.add("a", null);
    documents.pipeInput(new TestRecord<>(null, "no json".getBytes(UTF_8), headers));
    assertThat(deadLetters.readRecord().headers().toArray())
        .singleElement()
        .isEqualTo(new RecordHeader("twinstream.headers.left.out", "32779".getBytes(UTF_8)));
  }

  @Test
  void shouldGiveAVerdictForOddTexts() {
    assertThat(verdict("empty", "")).isEqualTo("unique");
    assertThat(verdict("spaces", " \\t \\n ")).isEqualTo("unique");
    assertThat(verdict("lone surrogate", "before \\ud800 after")).isEqualTo("unique");
    assertThat(verdict("nul", "one\\u0000two three four")).isEqualTo("unique");
    assertThat(verdict("right to left", "\u0645\u0631\u062d\u0628\u0627 e\u0301\u0327\u0331"))
        .isEqualTo("unique");
    assertThat(verdict("one word", "word ".repeat(100_000))).isEqualTo("unique");
    assertThat(verdict("one word again", "word ".repeat(99_999))).isEqualTo("near");
    assertThat(verdict("empty too", "")).as("two empty texts never match").isEqualTo("unique");
  }

  @Test
  void shouldTakeDatesFarAwayAndClampThoseAhead() {
    documents.pipeInput(
        null,
        "{\"id\":\"old\",\"text\":\"a b c d\",\"published_at\":\"1954-01-01T00:00:00Z\"}"
            .getBytes(UTF_8));
    Verdict old = verdicts.readValue();
    assertThat(old.getEventTime()).isNegative();
    assertThat(old.getEventTimeClamped()).isFalse();
    documents.pipeInput(
        null,
        "{\"id\":\"far\",\"text\":\"a b c d\",\"published_at\":\"2099-01-01T00:00:00Z\"}"
            .getBytes(UTF_8));
    Verdict far = verdicts.readValue();
    assertThat(far.getEventTimeClamped()).isTrue();
    assertThat(far.getDuplicateOf()).isEqualTo("old");
    assertThat(counted("clamped-event-times-total")).isEqualTo(1);
  }

  /** As clients that are not Java's may send. */
  @Test
  void shouldTakeTheLatestTimeOfThePartitionWhereARecordHasNone() {
    assertThat(new IngestionTime().extract(recordAt(-1), 5_000)).isEqualTo(5_000);
    assertThat(new IngestionTime().extract(recordAt(-1), -1))
        .isCloseTo(System.currentTimeMillis(), within(60_000L));
    assertThat(new IngestionTime().extract(recordAt(7), 5_000)).isEqualTo(7);
  }

  private static ConsumerRecord<Object, Object> recordAt(long timestamp) {
    return new ConsumerRecord<>(
        "documents",
        0,
        0,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        null,
        null,
        new RecordHeaders(),
        Optional.empty());
  }

  @Test
  void shouldTakeAFirstTimestampBefore1970For1970() {
    Instant before = Instant.EPOCH.minusSeconds(86_400);
    documents.pipeInput(new TestRecord<>(null, row("a", "one two three four"), before));
    assertThat(verdicts.readValue().getEventTime()).isZero();
    for (String topic : List.of(topics.questions().name(), topics.pairMarks().name())) {
      driver
          .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
          .pipeInput(new TestRecord<>(null, "no json".getBytes(UTF_8), before));
      assertThat(deadLetters.readValue().getSourceTopic()).isEqualTo(topic);
    }
  }

  @Test
  void shouldChangeNothingWhenTheSameRecordComesTwice() {
    assertThat(verdict("a", "one two three four")).isEqualTo("unique");
    documents.pipeInput(null, row("a", "one two three four"));
    assertThat(verdicts.isEmpty()).isTrue();
  }

  private double counted(String name) {
    return driver.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .mapToDouble(metric -> (double) metric.getValue().metricValue())
        .sum();
  }

  private void assertDeadLetter(byte[] value, String cause) {
    assertDeadLetter(topics.documents().name(), value, cause);
  }

  private void assertDeadLetter(String topic, byte[] value, String cause) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(null, value);
    DeadLetter letter = deadLetters.readValue();
    assertThat(letter.getCause()).contains(cause);
    assertThat(letter.getOriginal().remaining()).isLessThanOrEqualTo(64 * 1024);
    assertThat(letter.getOriginalSize()).isEqualTo(value.length);
    assertThat(verdicts.isEmpty()).isTrue();
  }

  /** The text is the inside of a JSON string. */
  private String verdict(String id, String text) {
    documents.pipeInput(null, row(id, text));
    assertThat(deadLetters.isEmpty()).isTrue();
    return verdicts.readValue().getVerdict().name();
  }

  private static byte[] row(String id, String text) {
    return ("{\"id\": \"" + id + "\", \"text\": \"" + text + "\"}").getBytes(UTF_8);
  }
}
