package dev.twinstream.schemas.registry;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers that are awaited for a limited time. */
final class HttpAnswers {
  private HttpAnswers() {}

  /**
   * The JDK's own timeout of a request ends with the headers of its answer; this one ends with the
   * body.
   *
   * @throws HttpTimeoutException where the whole answer is not there in time
   */
  static HttpResponse<String> get(HttpClient client, HttpRequest request, Duration atMost)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("found no whole answer within " + atMost.toMillis() + " ms");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } finally {
      // Ends the connection of an answer that is no longer wanted; does nothing to a whole one.
      answer.cancel(true);
    }
  }
}
