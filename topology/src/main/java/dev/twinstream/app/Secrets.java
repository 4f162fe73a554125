package dev.twinstream.app;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.utils.Utils;

/**
 * Values that stand elsewhere: {@code ${env:NAME}} in the environment, {@code ${file:PATH:KEY}} in
 * a properties file, {@code ${dir:FOLDER:NAME}} as a file of that folder. Kafka's own providers
 * read them; others are added by Kafka's {@code config.providers}. Between the quotes of a login's
 * option a value is escaped as they want it.
 */
final class Secrets {
  private static final Pattern LEFT = Pattern.compile("\\$\\{(env|file|dir):[^}]*}");

  private Secrets() {}

  /**
   * The same options with such values in place.
   *
   * @throws ConfigException where one is missing; it names the option and the place
   */
  static Map<String, String> resolve(Map<String, String> options) {
    Map<String, ConfigProvider> providers =
        Map.of(
            "env", new EnvVarConfigProvider(),
            "file", new FileConfigProvider(),
            "dir", new DirectoryConfigProvider());
    try {
      providers.values().forEach(provider -> provider.configure(Map.of()));
      Map<String, String> resolved = new HashMap<>();
      // One at a time, so that a value that looks like a reference is taken as it is.
      for (Map.Entry<String, String> option : options.entrySet()) {
        resolved.put(option.getKey(), resolve(providers, option.getKey(), option.getValue()));
      }
      return resolved;
    } finally {
      providers.values().forEach(provider -> Utils.closeQuietly(provider, "provider"));
    }
  }

  private static String resolve(Map<String, ConfigProvider> providers, String key, String value) {
    Matcher reference = LEFT.matcher(value);
    StringBuilder resolved = new StringBuilder();
    while (reference.find()) {
      String found;
      try {
        found =
            new ConfigTransformer(providers)
                .transform(Map.of(key, reference.group()))
                .data()
                .get(key);
      } catch (ConfigException e) {
        throw new ConfigException(key + ": " + reference.group() + ": " + e.getMessage());
      }
      if (found.equals(reference.group())) {
        throw new ConfigException(
            key + ": there is nothing at " + found + "; set it, or write the value itself");
      }
      // Files are written with a last line break, of which no secret is part.
      String secret = found.endsWith("\n") ? found.substring(0, found.length() - 1) : found;
      boolean quoted = reference.start() > 0 && value.charAt(reference.start() - 1) == '"';
      if (quoted && key.endsWith(SaslConfigs.SASL_JAAS_CONFIG)) {
        secret = secret.replace("\\", "\\\\").replace("\"", "\\\"");
      }
      reference.appendReplacement(resolved, Matcher.quoteReplacement(secret));
    }
    return reference.appendTail(resolved).toString();
  }
}
