package dev.twinstream.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.app.broker.EmbeddedBroker;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/**
 * What is left of a deleted document: its words, its id and its vectors are looked for in every
 * file of the broker and every row of the stores, while the stream goes on.
 */
class ErasureTest {
  private static final String WORD = "xylotomously";
  private static final String ID = "the-document-that-was-erased";
  private static final long PATIENCE_S = 150;

  @TempDir Path folder;
  private final Map<String, byte[]> traces = new LinkedHashMap<>();
  private final Random random = new Random(20261128);
  private int sent;

  @Test
  void shouldLeaveNothingOfADeletedDocument() throws Exception {
    Map<String, String> busy =
        Map.of(
            "log.initial.task.delay.ms",
            "100",
            "log.retention.check.interval.ms",
            "300",
            "log.cleaner.backoff.ms",
            "300",
            "log.segment.delete.delay.ms",
            "100");
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), busy)) {
      Path config = config(broker);
      createInput(config);
      try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
        String text = Texts.random(random, 40) + " " + WORD;
        Cluster.send(
            config,
            new Document(ID, text, null, null, false),
            new Document("near", text.replace(WORD, "ordinary"), null, null, false));
        sendBroken(config, "{\"id\": \"broken\", \"text\": " + WORD);
        Cluster.settle(config, runner);
        traces.put("word", WORD.getBytes(UTF_8));
        traces.put("id", ID.getBytes(UTF_8));
        addVectors(config, runner.topics().encodings());
        assertThat(found()).as("before").isEqualTo(traces.keySet());

        Cluster.send(config, new Document(ID, null, null, null, true));
        Cluster.settle(config, runner);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!found().isEmpty()) {
          assertThat(System.nanoTime()).as("left: %s", places()).isLessThan(deadline);
          sendOthers(config);
          runner.rethrow();
          Thread.sleep(1000);
        }
        Cluster.settle(config, runner);
      }
      assertThat(rowsWithTraces()).as("in the stores").isEmpty();
    }
  }

  private Path config(EmbeddedBroker broker) throws IOException {
    return Files.write(
        folder.resolve("erasure.properties"),
        List.of(
            "bootstrap.servers=" + broker.bootstrapServers(),
            "application.id=erasure",
            "documents.topic=erasure-in",
            "schema.registry.url=mock://erasure",
            "internal.partitions=1",
            "encoder.bundle=" + Texts.FAST_MODEL,
            "erasure.max.age.ms=16000",
            // Every document leaves its trace in the stores of probes, too.
            "recall.probe.one.in=1",
            // So that words can be found in the broker's files.
            "producer.compression.type=none",
            "producer.max.in.flight.requests.per.connection=1",
            "session.timeout.ms=6000",
            "state.dir=" + folder.resolve("state")));
  }

  /** The input is the user's own topic: here one that keeps documents for a second. */
  private static void createInput(Path config) throws Exception {
    try (Admin admin = new ClusterClients(Cluster.read(config)).admin()) {
      NewTopic topic =
          new NewTopic("erasure-in", 1, (short) 1)
              .configs(Map.of("retention.ms", "1000", "segment.ms", "1000"));
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private static void sendBroken(Path config, String json) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new ClusterClients(Cluster.read(config)).producer(Map.of())) {
      producer.send(new ProducerRecord<>("erasure-in", json.getBytes(UTF_8))).get();
    }
  }

  /** Copies of each other, so that every store and topic gets new rows. */
  private void sendOthers(Path config) throws Exception {
    String text = Texts.random(random, 40);
    String near = Texts.withLastWordsChanged(text, 1, random);
    List<Document> others = new ArrayList<>();
    for (String each : List.of(text, near, text)) {
      others.add(new Document("other" + sent++, each, null, null, false));
    }
    others.add(new Document("other" + (sent - 3), null, null, null, true));
    Cluster.send(config, others.toArray(new Document[0]));
  }

  private void addVectors(Path config, Topic<String, Encoding> topic) throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : Cluster.records(config, topic.name())) {
      if (Utils.utf8(record.key()).equals(ID)) {
        Encoding encoding =
            topic.valueSerde().deserializer().deserialize(topic.name(), record.value());
        float[] vector = new float[encoding.getEncoding().size()];
        ByteBuffer bytes = ByteBuffer.allocate(4 * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < vector.length; i++) {
          vector[i] = encoding.getEncoding().get(i);
          if (bytes.hasRemaining()) {
            bytes.putFloat(vector[i]);
          }
        }
        traces.put("encoding", bytes.array());
        short[] quantized = QuantizedEncoding.quantize(vector);
        traces.put("quantised encoding", start(QuantizedEncoding.pack(quantized)));
        traces.put("stored encoding", start(QuantizedEncoding.compress(quantized)));
      }
    }
  }

  private static byte[] start(ByteBuffer bytes) {
    byte[] start = new byte[24];
    bytes.duplicate().get(start);
    return start;
  }

  private TreeSet<String> found() throws IOException {
    TreeSet<String> found = new TreeSet<>();
    places().values().forEach(found::addAll);
    return found;
  }

  /** Which traces lie in which files of the broker. */
  private Map<String, TreeSet<String>> places() throws IOException {
    Map<String, TreeSet<String>> places = new HashMap<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder.resolve("broker"))) {
      files = all.filter(path -> path.toString().matches(".*\\.log(\\..*)?")).toList();
    } catch (UncheckedIOException e) {
      return places(); // a file went while the folder was read
    }
    for (Path file : files) {
      byte[] content;
      try {
        content = Files.readAllBytes(file);
      } catch (NoSuchFileException e) {
        continue;
      }
      String bytes = new String(content, ISO_8859_1);
      traces.forEach(
          (name, trace) -> {
            if (bytes.contains(new String(trace, ISO_8859_1))) {
              String place = file.getParent().getFileName() + "/" + file.getFileName();
              places.computeIfAbsent(place, p -> new TreeSet<>()).add(name);
            }
          });
    }
    return places;
  }

  private List<String> rowsWithTraces() throws Exception {
    List<String> rows = new ArrayList<>();
    List<Path> stores;
    try (Stream<Path> all = Files.walk(folder.resolve("state"))) {
      stores = all.filter(path -> Files.exists(path.resolve("CURRENT"))).toList();
    }
    assertThat(stores).as("stores").hasSizeGreaterThan(10);
    for (Path store : stores) {
      rows.addAll(rowsWithTraces(store));
    }
    return rows;
  }

  private List<String> rowsWithTraces(Path store) throws Exception {
    List<String> rows = new ArrayList<>();
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    try (Options options = new Options()) {
      for (byte[] family : RocksDB.listColumnFamilies(options, store.toString())) {
        families.add(new ColumnFamilyDescriptor(family));
      }
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions();
        RocksDB db = RocksDB.openReadOnly(options, store.toString(), families, handles)) {
      for (ColumnFamilyHandle handle : handles) {
        try (RocksIterator row = db.newIterator(handle)) {
          for (row.seekToFirst(); row.isValid(); row.next()) {
            traces.forEach(
                (name, trace) -> {
                  if (contains(row.key(), trace) || contains(row.value(), trace)) {
                    rows.add(store.getFileName() + ": " + name);
                  }
                });
          }
        }
        handle.close();
      }
    }
    return rows;
  }

  private static boolean contains(byte[] bytes, byte[] trace) {
    return new String(bytes, ISO_8859_1).contains(new String(trace, ISO_8859_1));
  }
}
