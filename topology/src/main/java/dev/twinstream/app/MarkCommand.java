package dev.twinstream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.dedup.DocumentRules;
import dev.twinstream.schemas.PairMark;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.internal.Mark;
import dev.twinstream.schemas.serde.AvroSerdes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mark}: a user's word on whether two documents are twins. */
@Command(
    name = "mark",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says of two documents that they are twins, or that they are not.",
      "The word stands above what the application finds, also where the documents come later or"
          + " again, until it is replaced or taken back."
    })
final class MarkCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin ConfigFile config;

  @Parameters(index = "0", paramLabel = "A", description = "a document's id")
  String a;

  @Parameters(index = "1", paramLabel = "B", description = "the other's; the order does not matter")
  String b;

  @Parameters(
      index = "2",
      paramLabel = "twins|not-twins|none",
      description = "none takes back what was said before")
  String word;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TwinstreamConfig options = config.read();
    PairMark mark = mark();
    RegistryOptions.requireShared(options);
    Topic<byte[], byte[]> topic = new Application(options).topics().pairMarks();
    ClusterClients clients = new ClusterClients(options);
    try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
      // A broker may make a topic for whoever sends to it, with other options than ours.
      TopicReader.partitions(consumer, topic.name());
    }
    // One key for both orders of a pair: what is said later of it comes later.
    byte[] key = JSON.writeValueAsBytes(Stream.of(a, b).sorted().toList());
    byte[] value = value(options, topic.name(), mark);
    try (KafkaProducer<byte[], byte[]> producer = clients.producer(Map.of())) {
      producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the mark could not be sent to " + topic.name() + ": " + e.getCause().getMessage(), e);
    }
    System.err.println("sent to " + topic.name());
    return 0;
  }

  private PairMark mark() {
    if (a.isEmpty() || b.isEmpty() || a.equals(b)) {
      throw new IllegalArgumentException(
          "the ids are " + List.of(a, b) + "; two documents are wanted");
    }
    DocumentRules.checkId(a);
    DocumentRules.checkId(b);
    return switch (word) {
      case "twins" -> new PairMark(a, b, Mark.twins);
      case "not-twins" -> new PairMark(a, b, Mark.not_twins);
      case "none" -> new PairMark(a, b, null);
      default ->
          throw new IllegalArgumentException(
              "the mark is " + word + "; wanted twins, not-twins or none");
    };
  }

  private byte[] value(TwinstreamConfig options, String topic, PairMark mark) throws IOException {
    if (options.getString(TwinstreamConfig.DOCUMENTS_FORMAT).equals("avro")) {
      Serde<PairMark> serde = AvroSerdes.ofValues(PairMark.class, options.registry());
      return serde.serializer().serialize(topic, mark);
    }
    Map<String, String> json = new LinkedHashMap<>();
    json.put("a", a);
    json.put("b", b);
    json.put("mark", mark.getMark() == null ? null : word);
    return JSON.writeValueAsBytes(json);
  }
}
