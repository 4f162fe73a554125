package dev.twinstream.schemas.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Apicurio Registry in a process of its own, schemas in memory; Maven has unpacked it. */
final class ApicurioRegistry implements AutoCloseable {
  private static final Path UNPACKED = Path.of("target", "apicurio");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final String url;

  private ApicurioRegistry(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it and waits until it serves. */
  static ApicurioRegistry start() throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Path log = Path.of("target", "apicurio.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-jar",
                runner().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    ApicurioRegistry registry =
        new ApicurioRegistry(process, "http://127.0.0.1:" + port + "/apis/ccompat/v7");
    try {
      registry.await(log);
    } catch (IOException | InterruptedException | RuntimeException e) {
      registry.close();
      throw e;
    }
    return registry;
  }

  private static Path runner() throws IOException {
    try (Stream<Path> files = Files.list(UNPACKED)) {
      List<Path> runners = files.filter(file -> file.toString().endsWith("-runner.jar")).toList();
      if (runners.size() != 1) {
        throw new IllegalStateException(
            UNPACKED + " has " + runners.size() + " runner jars, wanted 1: run Maven's test phase");
      }
      return runners.get(0);
    }
  }

  private void await(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/subjects")).build();
    while (true) {
      try {
        if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException("Apicurio did not start: " + Files.readString(log), e);
        }
      }
      Thread.sleep(100);
    }
  }

  /** The base of its API that is Confluent's. */
  String url() {
    return url;
  }

  /** What a client of it is configured with. */
  Map<String, String> config() {
    return Map.of("schema.registry.url", url);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
