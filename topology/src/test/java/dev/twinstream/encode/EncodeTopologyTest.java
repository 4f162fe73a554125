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
import dev.twinstream.model.ModelException;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.TopicNames;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.TriedDocument;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.IntStream;
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

  private InMemoryTriesLog tries;
  private int encodedBeforeTheFirstTurn;

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

  private Result run(
      int batch, Function<List<String>, List<EncodedText>> texts, List<Document> documents) {
    return run(batch, 20, texts, documents);
  }

  private Result run(
      int batch,
      long waitMillis,
      Function<List<String>, List<EncodedText>> texts,
      List<Document> documents) {
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
    tries = new InMemoryTriesLog();
    EncodeTopology.addTo(
        topology,
        TOPICS,
        new EncodeParameters(batch, 100_000, waitMillis, 1000),
        documentEncoder,
        tries);
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
      encodedBeforeTheFirstTurn =
          driver.metrics().values().stream()
              .filter(metric -> metric.metricName().name().equals("encoded-documents-total"))
              .mapToInt(metric -> ((Number) metric.metricValue()).intValue())
              .sum();
      for (int turn = 0; turn < documents.size(); turn++) {
        driver.advanceWallClockTime(Duration.ofMillis(50));
      }
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

  /** So that a transaction holds no more than its timeout allows for. */
  @Test
  void shouldEncodeOneBatchOfEachTurnHoweverManyDocumentsItBrings() {
    List<Document> documents =
        IntStream.range(0, 7).mapToObj(i -> document("d" + i, "text " + i)).toList();
    List<Integer> sizes = new ArrayList<>();
    Function<List<String>, List<EncodedText>> counting =
        texts -> {
          sizes.add(texts.size());
          return encoder.encode(texts);
        };
    Result result = run(2, counting, documents);
    assertThat(sizes).containsExactly(2, 2, 2, 1);
    assertThat(result.arrivals().stream().map(a -> a.getDocument().getId()))
        .containsExactlyElementsOf(documents.stream().map(Document::getId).toList());
    assertThat(encodedBeforeTheFirstTurn).isEqualTo(2);
  }

  @Test
  void shouldLetNoFullBatchWait() {
    List<Document> documents =
        IntStream.range(0, 7).mapToObj(i -> document("d" + i, "text " + i)).toList();
    assertThat(run(2, 60_000, encoder::encode, documents).arrivals()).hasSize(6);
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
    assertThat(tries.writes).isEqualTo(2);
    assertThat(tries.last(0).getDocuments()).as("begun").isEmpty();
  }

  /**
   * As after an error of a GPU that stays; a document may be its cause, so it counts as a death.
   */
  @Test
  void shouldStopWhereTheEncoderFailsOnEveryText() {
    List<String> encoded = new ArrayList<>();
    Function<List<String>, List<EncodedText>> breaking =
        texts -> {
          if (encoded.size() >= 2) {
            throw new ModelException("CUDA error 700");
          }
          encoded.addAll(texts);
          return encoder.encode(texts);
        };
    assertThatThrownBy(() -> run(2, breaking, oddDocuments()))
        .hasStackTraceContaining("the encoder itself is at fault")
        .hasStackTraceContaining("CUDA error 700");
    assertThat(encoded).hasSize(2);
    assertThat(tries.last(0).getDocuments())
        .extracting(TriedDocument::getOffset)
        .containsExactly(2L, 3L);
  }

  /** Else a batch would take longer than the time that was measured for it. */
  @Test
  void shouldCountAsManyCharactersAsATextHasTokens() {
    Bundle shipped = Bundle.builtIn();
    try (Encoder reader = new Encoder(shipped, new Encoder.Options(512, 4096, 1))) {
      for (String text :
          List.of(
              "The quick brown fox jumps over the lazy dog; then it sleeps, and dreams of hens.",
              "\u0412\u0441\u0435 \u043b\u044e\u0434\u0438 \u0440\u043e\u0436\u0434\u0430\u044e\u0442\u0441\u044f",
              "\u038c\u03bb\u03bf\u03b9 \u03bf\u03b9 \u03ac\u03bd\u03b8\u03c1\u03c9\u03c0\u03bf\u03b9",
              "\u064a\u0648\u0644\u062f \u062c\u0645\u064a\u0639 \u0627\u0644\u0646\u0627\u0633",
              "\u0938\u092d\u0940 \u092e\u0928\u0941\u0937\u094d\u092f\u094b\u0902",
              "\ubaa8\ub4e0 \uc0ac\ub78c\uc740 \ud0dc\uc5b4\ub0a0",
              "\u4eba\u4eba\u751f\u800c\u81ea\u7531",
              "{\"a\":[1,-2,{\"b\":\"<c/>\"}],\"d\":!!}")) {
        int tokens = reader.encode(List.of(TextNormalizer.normalize(text))).get(0).tokens();
        assertThat(PendingBatch.characters(text) / 4.0).as(text).isGreaterThan(0.8 * tokens);
      }
    }
  }
}
