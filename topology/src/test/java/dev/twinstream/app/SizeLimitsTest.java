package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.schemas.Document;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too large for a producer or a topic is refused; the application goes on. */
class SizeLimitsTest {
  private static final String BUFFER = "producer.buffer.memory";

  @TempDir Path folder;

  @Test
  void shouldRefuseADocumentThatTheProducersBufferDoesNotHold() throws Exception {
    List<String> causes = new ArrayList<>();
    Map<String, String> options =
        Map.of(TwinstreamConfig.BUNDLE, TwinstreamConfig.NO_ENCODER, BUFFER, "1500000");
    try (EmbeddedPipeline pipeline =
        EmbeddedPipeline.start(options, letter -> causes.add(letter.getCause()))) {
      long now = System.currentTimeMillis();
      pipeline.send(new Document("big", "word ".repeat(320_000), null, null, false), now);
      pipeline.send(new Document("small", "some other words", null, null, false), now + 1);
      pipeline.awaitIdle(done -> {});
      assertThat(causes).hasSize(1);
      assertThat(causes.get(0)).contains("the document has 1600003 bytes");
      assertThat(pipeline.results().takeVerdict("big")).isNull();
      assertThat(pipeline.results().takeVerdict("small")).isNotNull();
      assertThat(
              Cluster.option(
                  pipeline.config(), "twinstream-lookups-changelog", "max.message.bytes"))
          .as("changelogs take what the internal topics bring")
          .isEqualTo("1500000");
    }
  }

  @Test
  void shouldGiveTheProducerABufferForTheLargestRecord() {
    Properties properties = application(Map.of()).streamsProperties();
    assertThat((long) properties.get(BUFFER))
        .isGreaterThanOrEqualTo((int) properties.get("producer.max.request.size"));
    assertThatThrownBy(() -> application(Map.of(BUFFER, "70000")))
        .hasMessageContaining("buffer.memory is 70000 bytes")
        .hasMessageContaining("1048576 at least");
  }

  @Test
  void shouldPassOnNoMoreThanTheOptionAllows() {
    Map<String, String> less = Map.of(TopicOptions.MAX_MESSAGE_BYTES, "300000");
    Properties properties = application(less).streamsProperties();
    assertThat(properties).containsEntry("topic.max.message.bytes", "300000");
    assertThat(properties.get("producer.max.request.size")).isEqualTo(300_000);
    assertThatThrownBy(() -> application(Map.of(TopicOptions.MAX_MESSAGE_BYTES, "200000")))
        .hasMessageContaining("topic.max.message.bytes");
  }

  private static Application application(Map<String, String> more) {
    Map<String, String> options = new java.util.HashMap<>(more);
    options.put(TwinstreamConfig.BOOTSTRAP_SERVERS, "unused:1");
    return new Application(new TwinstreamConfig(options));
  }

  @Test
  void shouldNotStartWhereAnOutputTakesTooLittle() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      Path config = cluster.config("narrow", Map.of());
      cluster.createTopic("narrow-in-dlq", 2, Map.of("max.message.bytes", "100000"));
      assertThatThrownBy(() -> StreamsRunner.start(Cluster.read(config)))
          .hasMessageContaining("topic narrow-in-dlq has max.message.bytes 100000, wanted 262144")
          .hasMessageContaining("set it to 262144 at least");
    }
  }
}
