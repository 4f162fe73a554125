package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.app.broker.EmbeddedBroker;
import dev.twinstream.encode.DocumentEncoder;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.model.EncodedText;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A document at which the encoder's process halts, as by a fault in native code: the process is
 * started anew each time, on a real broker.
 */
class EncoderCrashTest {
  private static final int DOCUMENTS = 40;
  private static final int HALTED = 77;
  private static final String DEADLY = "a text that no model survives";

  @TempDir Path folder;
  private Process process;

  @AfterEach
  void stop() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** The encoder's application, whose model halts the process at one text. */
  static final class HaltingEncoder {
    private HaltingEncoder() {}

    public static void main(String[] arguments) throws IOException {
      TwinstreamConfig config = Cluster.read(Path.of(arguments[0]));
      Application application = new Application(config, 1 << 20, null);
      DocumentEncoder encoder =
          new DocumentEncoder(
              HaltingEncoder::encode,
              "model",
              SemanticKeys.of(SemanticOptions.of(config), 64, null, 0),
              config.getLong(TwinstreamConfig.MAX_FUTURE_MS));
      KafkaTriesLog tries =
          new KafkaTriesLog(new ClusterClients(config), application.topics().encodeTries());
      Properties properties = application.encodeProperties(0);
      // What a halted process has begun blocks its successor until the broker gives it up.
      properties.put(
          StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 2_000);
      new KafkaStreams(application.encodeTopology(encoder, tries), properties).start();
      while (true) {
        LockSupport.park();
      }
    }

    private static List<EncodedText> encode(List<String> texts) {
      if (texts.contains(DEADLY)) {
        Runtime.getRuntime().halt(HALTED);
      }
      return texts.stream().map(text -> new EncodedText(new float[64], 1, false)).toList();
    }
  }

  @Test
  void shouldRefuseTheDocumentAtTheFourthStartAndEncodeAllOthersOnce() throws Exception {
    Map<String, String> impatient =
        Map.of(
            "group.min.session.timeout.ms",
            "1000",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms",
            "500");
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), impatient)) {
      Path config = config(broker);
      TwinstreamConfig options = Cluster.read(config);
      TopicCatalogue topics = new Application(options, 1 << 20, null).topics();
      try (Admin admin = new ClusterClients(options).admin()) {
        new Topics(admin).ensure(TopicPlan.of(options));
      }
      send(options, topics);
      for (int start = 1; start <= 3; start++) {
        process = launch(config);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("start %d ends", start).isTrue();
        assertThat(process.exitValue()).as(log()).isEqualTo(HALTED);
        assertThat(Cluster.records(config, topics.deadLetters().name())).isEmpty();
      }
      process = launch(config);
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (ids(config, topics.documentsEncoded().name()).size() < DOCUMENTS - 1) {
        assertThat(process.isAlive()).as(log()).isTrue();
        assertThat(System.nanoTime()).as("encoded in time").isLessThan(deadline);
        Thread.sleep(200);
      }
      assertThat(ids(config, topics.documentsEncoded().name()))
          .doesNotContain("d17")
          .doesNotHaveDuplicates()
          .hasSize(DOCUMENTS - 1);
      List<ConsumerRecord<byte[], byte[]>> letters =
          Cluster.records(config, topics.deadLetters().name());
      assertThat(letters).hasSize(1);
      byte[] value = letters.get(0).value();
      DeadLetter letter =
          new BinaryAvroSerde<>(DeadLetter.class)
              .deserializer()
              .deserialize("", Arrays.copyOfRange(value, 5, value.length));
      assertThat(letter.getCause()).contains("the process has ended 3 times");
      assertThat(Utils.utf8(letter.getOriginalKey())).isEqualTo("d17");
      assertThat(Utils.utf8(letter.getOriginal())).isEqualTo(DEADLY);
    }
  }

  private Path config(EmbeddedBroker broker) throws IOException {
    return Files.write(
        folder.resolve("crash.properties"),
        List.of(
            "bootstrap.servers=" + broker.bootstrapServers(),
            "application.id=crash",
            "internal.partitions=1",
            "num.stream.threads=1",
            "session.timeout.ms=1500",
            "heartbeat.interval.ms=400",
            "encoder.batch.documents=8",
            "producer.max.in.flight.requests.per.connection=1",
            "state.dir=" + folder.resolve("state")));
  }

  private static void send(TwinstreamConfig options, TopicCatalogue topics) {
    String topic = topics.documentsById().name();
    try (KafkaProducer<byte[], byte[]> producer = new ClusterClients(options).producer(Map.of())) {
      for (int i = 0; i < DOCUMENTS; i++) {
        String text = i == 17 ? DEADLY : "a text of number " + i;
        Document document = new Document("d" + i, text, null, null, false);
        producer.send(
            new ProducerRecord<>(
                topic,
                Utils.utf8(document.getId()),
                topics
                    .documentsById()
                    .valueSerde()
                    .serializer()
                    .serialize(topic, new Arrival(0L, document, null, false, null))));
      }
    }
  }

  private Process launch(Path config) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx300m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            HaltingEncoder.class.getName(),
            config.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("encoder.log").toFile())
        .start();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("encoder.log"));
  }

  private static List<String> ids(Path config, String topic) throws IOException {
    List<String> ids = new ArrayList<>();
    Cluster.records(config, topic).forEach(record -> ids.add(Utils.utf8(record.key())));
    return ids;
  }
}
