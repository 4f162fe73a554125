package dev.twinstream.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
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

  TwinstreamConfig read() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new TwinstreamConfig(properties);
  }
}
