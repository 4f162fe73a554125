package dev.twinstream.deploy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.testcontainers.utility.DockerImageName;

/** The names of the images: those of the compose file, or of stand-ins where none can be pulled. */
final class Images {
  static final DockerImageName KAFKA = name("KAFKA_IMAGE");
  static final DockerImageName REGISTRY = name("REGISTRY_IMAGE");
  static final DockerImageName APPLICATION = name("APPLICATION_IMAGE");

  private Images() {}

  private static DockerImageName name(String key) {
    Path file = Path.of(System.getProperty("images"));
    Properties names = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      names.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DockerImageName.parse(names.getProperty(key));
  }
}
