package dev.twinstream.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Option;

/** The option of commands that work on a Kafka cluster. */
final class ConfigFile {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "F",
      description = "properties file; bootstrap.servers is wanted, see README.md for the rest")
  Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "an option, in place of the file's")
  Map<String, String> options = Map.of();

  /**
   * The options of the file, secrets in place. The issuers of OAuth tokens that they name may be
   * asked from now on.
   *
   * @throws org.apache.kafka.common.config.ConfigException where one cannot be used
   */
  TwinstreamConfig read() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not UTF-8 text: save it as UTF-8");
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no properties file: " + e.getMessage(), e);
    }
    Map<String, String> all = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> all.put(key, properties.getProperty(key)));
    all.putAll(options);
    Map<String, String> resolved = Secrets.resolve(all);
    AllowedUrls.allow(resolved);
    return new TwinstreamConfig(resolved);
  }
}
