package dev.twinstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.Document;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class AvroSerdesTest {
  /** As Confluent's: no type in the constructor, and configured like ours. */
  public static final class Foreign implements Serde<Document> {
    private String url;

    @Override
    public void configure(Map<String, ?> config, boolean isKey) {
      url = isKey ? "key" : config.get("schema.registry.url").toString();
    }

    @Override
    public Serializer<Document> serializer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Deserializer<Document> deserializer() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void shouldTakeASerdeByClassName() {
    Serde<Document> serde =
        AvroSerdes.ofValues(
            Document.class,
            Map.of(
                "schema.registry.url",
                "http://registry",
                "avro.serde.class",
                Foreign.class.getName()));

    assertThat(((Foreign) serde).url).isEqualTo("http://registry");
    assertThat(
            AvroSerdes.ofValues(Document.class, Map.of("schema.registry.url", "http://registry")))
        .isInstanceOf(RegistryAvroSerde.class);
  }

  @Test
  void shouldSayHowAMissingClassIsAdded() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () -> AvroSerdes.ofValues(Document.class, Map.of("avro.serde.class", "no.such.Serde")))
        .withMessageContaining("found no class no.such.Serde")
        .withMessageContaining("profile confluent");
  }
}
