package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.lsh.Markup;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** How texts are normalised is part of what shapes the state. */
class TextOptionsTest {
  private static TwinstreamConfig config(String markup) {
    return new TwinstreamConfig(
        Map.of(TwinstreamConfig.BOOTSTRAP_SERVERS, "localhost:1", TextOptions.MARKUP, markup));
  }

  @Test
  void shouldKeepMarkupApartFromTextsWithoutIt() {
    assertThat(TextOptions.markup(config("keep"))).isEqualTo(Markup.KEEP);
    assertThat(TextOptions.markup(config("strip"))).isEqualTo(Markup.STRIP);
    assertThat(Fingerprint.of(config("strip"), "none"))
        .contains(" markup=strip ")
        .isNotEqualTo(Fingerprint.of(config("keep"), "none"));
    assertThatThrownBy(() -> config("html")).isInstanceOf(ConfigException.class);
  }
}
