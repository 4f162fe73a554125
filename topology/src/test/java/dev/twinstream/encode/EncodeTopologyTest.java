package dev.twinstream.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.lsh.SemanticParameters;
import dev.twinstream.lsh.TextNormalizer;
import dev.twinstream.model.Bundle;
import dev.twinstream.model.EncodedText;
import dev.twinstream.model.Encoder;
import dev.twinstream.model.EncoderClosedException;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.TopicNames;
import dev.twinstream.schemas.internal.Arrival;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The encoder's topology: every document comes out, in order, encoded or with a cause. */
class EncodeTopologyTest {
  private static final TopicCatalogue TOPICS =
      TopicCatalogue.of(
          "test",
          TopicNames.standard("documents"),
          Map.of("schema.registry.url", "mock://encode-test"),
          1 << 20);

  private static Encoder encoder;

  @BeforeAll
  static void open() {
    Bundle bundle = Bundle.load(Path.of("..", "model", "bundles", "untrained-64"));
    encoder = new Encoder(bundle, new Encoder.Options(512, 4096, 1));
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  /** What came out. */
  private record Result(List<Arrival> arrivals, List<DeadLetter> deadLetters) {}

  private static Result run(
      int batch, Function<List<String>, List<EncodedText>> texts, List<Document> documents) {
    Topology topology = new Topology();
    DocumentEncoder documentEncoder =
        new DocumentEncoder(
            texts,
            "model",
            SemanticKeys.of(
                new SemanticParameters(SemanticParameters.Family.CROSS_POLYTOPE, 8, 2, 40, 1),
                64,
                null,
                0),
            1000);
    EncodeTopology.addTo(
        topology,
        TOPICS,
        new EncodeParameters(batch, 100_000, 20, 1000),
        documentEncoder,
        new InMemoryTriesLog());
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test-encode");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    try (TopologyTestDriver driver = new TopologyTestDriver(topology, properties)) {
      TestInputTopic<String, Arrival> in =
          driver.createInputTopic(
              TOPICS.documentsById().name(),
              new StringSerializer(),
              TOPICS.documentsById().valueSerde().serializer());
      documents.forEach(d -> in.pipeInput(d.getId(), new Arrival(5L, d, null, false, null)));
      driver.advanceWallClockTime(Duration.ofMillis(50));
      TestOutputTopic<String, Arrival> arrivals =
          driver.createOutputTopic(
              TOPICS.documentsEncoded().name(),
              new StringDeserializer(),
              TOPICS.documentsEncoded().valueSerde().deserializer());
      TestOutputTopic<String, DeadLetter> letters =
          driver.createOutputTopic(
              TOPICS.deadLetters().name(),
              new StringDeserializer(),
              TOPICS.deadLetters().valueSerde().deserializer());
      return new Result(
          arrivals.readValuesToList(), letters.isEmpty() ? List.of() : letters.readValuesToList());
    }
  }

  private static Document document(String id, String text) {
    return new Document(id, text, null, null, text == null);
  }

  private static List<Document> oddDocuments() {
    return List.of(
        document("a", "A text as any other."),
        document("empty", ""),
        document("spaces", " \t\n "),
        document("surrogate", "before \ufffd after"),
        document("nul", "one\0two"),
        document("emoji", "\ud83d\ude00 e\u0301\u0327"),
        document("right to left", "\u0645\u0631\u062d\u0628\u0627"),
        document("long", "word ".repeat(1_000_000)),
        document("gone", null),
        document("z", "The last one."));
  }

  @Test
  void shouldGiveEveryDocumentAnEncodingWhateverItsText() {
    Result result = run(4, encoder::encode, oddDocuments());
    assertThat(result.deadLetters()).isEmpty();
    assertThat(result.arrivals().stream().map(a -> a.getDocument().getId()))
        .containsExactlyElementsOf(oddDocuments().stream().map(Document::getId).toList());
    for (Arrival arrival : result.arrivals()) {
      Encoding encoding = arrival.getPublished();
      String id = arrival.getDocument().getId();
      if (id.equals("gone")) {
        assertThat(encoding).as("a delete has none").isNull();
        continue;
      }
      assertThat(encoding.getEncoding()).hasSize(64).doesNotContain(Float.NaN);
      boolean empty = List.of("empty", "spaces").contains(id);
      assertThat(encoding.getKeys()).hasSize(empty ? 0 : 8);
      assertThat(encoding.getTruncated()).isEqualTo(id.equals("long"));
      assertThat(encoding.getTokens()).isEqualTo(encoder.encode(text(id)).get(0).tokens());
    }
  }

  private static List<String> text(String id) {
    return oddDocuments().stream()
        .filter(d -> d.getId().equals(id))
        .map(Document::getText)
        .map(TextNormalizer::normalize)
        .toList();
  }

  @Test
  void shouldGiveTextsThatAreOneToDeduplicationOneEncoding() {
    List<Document> same =
        List.of(document("plain", "a fine text"), document("other", " A \ufb01ne\tTEXT "));
    List<Arrival> arrivals = run(1, encoder::encode, same).arrivals();
    assertThat(arrivals.get(1).getPublished().getEncoding())
        .isEqualTo(arrivals.get(0).getPublished().getEncoding());
  }

  @Test
  void shouldGiveTheSameInBatchesOfAnySize() {
    Result alone = run(1, encoder::encode, oddDocuments());
    assertThat(run(3, encoder::encode, oddDocuments())).isEqualTo(alone);
    assertThat(run(100, encoder::encode, oddDocuments())).isEqualTo(alone);
    assertThat(alone.arrivals().get(0).getEncoding())
        .isEqualTo(
            QuantizedEncoding.pack(
                QuantizedEncoding.quantize(encoder.encode(text("a")).get(0).encoding())));
  }

  @Test
  void shouldRefuseOnlyTheDocumentAtFault() {
    Function<List<String>, List<EncodedText>> failing =
        texts -> {
          if (texts.contains("poison")) {
            throw new IllegalStateException("the model chokes");
          }
          return encoder.encode(texts);
        };
    List<Document> documents = new ArrayList<>();
    for (String id : List.of("a", "b", "c", "d")) {
      documents.add(document(id, id.equals("c") ? "poison" : "text " + id));
    }
    Result result = run(10, failing, documents);
    assertThat(result.arrivals().stream().map(a -> a.getDocument().getId()))
        .containsExactly("a", "b", "d");
    assertThat(result.deadLetters()).hasSize(1);
    DeadLetter letter = result.deadLetters().get(0);
    assertThat(letter.getCause()).isEqualTo("the model chokes");
    assertThat(letter.getSourceOffset()).isEqualTo(2);
    assertThat(letter.getSourceTopic()).isEqualTo("test-documents-by-id");
  }

  @Test
  void shouldRefuseNoDocumentBecauseTheEncoderWasClosed() {
    Encoder closed =
        new Encoder(
            Bundle.load(Path.of("..", "model", "bundles", "untrained-64")),
            new Encoder.Options(512, 4096, 1));
    closed.close();
    assertThatThrownBy(() -> run(2, closed::encode, oddDocuments()))
        .hasRootCauseInstanceOf(EncoderClosedException.class);
  }
}
