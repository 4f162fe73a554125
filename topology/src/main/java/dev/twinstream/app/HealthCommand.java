package dev.twinstream.app;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code health}: asks an application on this machine whether it is ready. */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    description = "Exits with 0 if the application on this machine is ready, with 1 if not.")
final class HealthCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Option(
      names = "--port",
      required = true,
      paramLabel = "N",
      description = "the application's http.port")
  int port;

  @Override
  public Integer call() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
            .timeout(TIMEOUT)
            .build();
    HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      System.out.print(response.body());
      return response.statusCode() == 200 ? 0 : 1;
    } catch (ConnectException e) {
      throw new IllegalStateException("nothing answers on port " + port, e);
    }
  }
}
