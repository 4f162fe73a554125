package dev.twinstream.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
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

  TwinstreamConfig read() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    properties.putAll(options);
    return new TwinstreamConfig(properties);
  }
}
