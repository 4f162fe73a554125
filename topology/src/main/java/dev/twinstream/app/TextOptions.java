package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.twinstream.lsh.Markup;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** How texts are normalised before they are compared and encoded. */
final class TextOptions {
  static final String MARKUP = "text.markup";

  private TextOptions() {}

  static void addTo(ConfigDef definition) {
    definition.define(
        MARKUP,
        Type.STRING,
        "keep",
        ValidString.in("keep", "strip"),
        MEDIUM,
        "What becomes of HTML and XML: keep, or strip, which takes out tags, comments, scripts and"
            + " style sheets and resolves character references. Part of the fingerprint.");
  }

  static Markup markup(TwinstreamConfig config) {
    return Markup.valueOf(config.getString(MARKUP).toUpperCase(Locale.ROOT));
  }
}
