package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that stand on other partitions than Java's clients would choose. */
class ForeignPartitionerTest {
  private static final int INPUT_PARTITIONS = 5;

  @TempDir Path folder;

  @Test
  void shouldNotCareWhereProducersPutTheirRecords() throws Exception {
    Random random = new Random(5);
    Map<String, Document> documents = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      String text = i % 3 == 2 ? documents.get("d" + (i - 1)).getText() : Texts.random(random, 60);
      documents.put("d" + i, new Document("d" + i, text, (long) i, "s", false));
    }
    Map<String, String> twins = BruteForce.twins(documents.values());
    Map<String, String> expected = new HashMap<>();
    documents.keySet().forEach(id -> expected.put(id, verdict(twins.get(id))));
    try (Cluster cluster = new Cluster(folder)) {
      cluster.createTopic("foreign-in", INPUT_PARTITIONS, Map.of());
      Path config = cluster.config("foreign", Map.of("internal.partitions", "3"));
      try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
        send(config, documents);
        Cluster.settle(config, runner);
      }
      assertThat(Cluster.verdicts(config, 0)).isEqualTo(expected);
    }
  }

  private static String verdict(String twin) {
    return twin == null ? "unique null" : "exact " + twin;
  }

  /** Half of them where librdkafka's default puts them, half anywhere. */
  private static void send(Path config, Map<String, Document> documents) throws Exception {
    Random random = new Random(6);
    TwinstreamConfig options = Cluster.read(config);
    DocumentWriter writer = DocumentWriter.of("json", options.registry());
    try (KafkaProducer<byte[], byte[]> producer = new ClusterClients(options).producer(Map.of())) {
      for (Document document : documents.values()) {
        byte[] key = Utils.utf8(document.getId());
        CRC32 hash = new CRC32();
        hash.update(key);
        int partition =
            (int)
                (random.nextBoolean()
                    ? hash.getValue() % INPUT_PARTITIONS
                    : random.nextInt(INPUT_PARTITIONS));
        byte[] value = writer.value("foreign-in", document);
        producer.send(new ProducerRecord<>("foreign-in", partition, key, value)).get();
      }
    }
  }
}
