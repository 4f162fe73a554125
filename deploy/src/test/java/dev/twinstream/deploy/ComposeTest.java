package dev.twinstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The compose file beside the chart and the sizing page. */
class ComposeTest {
  private final ObjectMapper yaml = new ObjectMapper(new YAMLFactory());

  @Test
  void shouldLeaveTheMakingOfTopicsToTheApplication() throws IOException {
    assertThat(services().at("/kafka/environment/KAFKA_AUTO_CREATE_TOPICS_ENABLE").textValue())
        .as("a topic that the broker makes has one partition, and is kept for a week")
        .isEqualTo("false");
  }

  /** What the image begins with is its entry point, so that a command may follow. */
  @Test
  void shouldFindConfigurationAndStateWhereTheResetThatIsShownLooksForThem() throws IOException {
    String shown = Files.readString(Path.of("README.md"));
    assertThat(shown)
        .contains(
            "run --rm twinstream reset \\\n      --config /etc/twinstream/twinstream.properties"
                + " --set state.dir=/var/lib/twinstream --yes\n");
    assertThat(services().at("/twinstream/volumes").toString())
        .contains(":/etc/twinstream/twinstream.properties:ro", "state:/var/lib/twinstream");
    assertThat(services().at("/twinstream/entrypoint").isMissingNode()).isTrue();
    assertThat(Files.readString(Path.of("image/Dockerfile")))
        .contains("ENTRYPOINT [\"java\", \"-cp\", \"/opt/twinstream/twinstream.jar:")
        .contains("\"--set\", \"state.dir=/var/lib/twinstream\"");
  }

  @Test
  void shouldSendRowsAsLargeAsTheTopicTakes() throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .as("topic.max.message.bytes; Kafka's producer refuses rows of over 1 MiB by itself")
        .contains("--topic documents \\\n      --producer-property max.request.size=67108864\n");
    assertThat(Files.readString(Path.of("compose/.env")))
        .as("from 4.2 on the option is called --command-property")
        .contains("apache/kafka:4.1.");
  }

  @Test
  void shouldGiveAnInstanceTheMemoryOfTheSizingPage() throws IOException {
    JsonNode resources =
        yaml.readTree(HelmChart.FOLDER.resolve("values.yaml").toFile()).get("resources");
    assertThat(resources.at("/limits/memory").textValue()).isEqualTo("2304Mi");
    assertThat(resources.at("/requests/memory").textValue()).isEqualTo("2304Mi");
    assertThat(services().at("/twinstream/mem_limit").textValue()).isEqualTo("2304m");
    assertThat(Files.readString(Path.of("README.md")))
        .as("2304 MiB")
        .contains("2.25 GiB with the defaults");
  }

  private JsonNode services() throws IOException {
    return yaml.readTree(Path.of("compose/compose.yaml").toFile()).get("services");
  }
}
