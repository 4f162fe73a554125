package dev.twinstream.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers {@code /health/live}, {@code /health/ready} and {@code /metrics}. */
final class HealthServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private record Answer(int status, String type, String body) {}

  /** Makes an answer on every request. */
  private interface Page {
    Answer answer();
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private HealthServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * @return null where the port is 0: nobody is to ask
   * @throws IllegalArgumentException where another program has the port
   */
  static HealthServer startOrNull(int port, Health health) throws IOException {
    if (port == 0) {
      return null;
    }
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (BindException e) {
      throw new IllegalArgumentException(
          TwinstreamConfig.HTTP_PORT
              + " "
              + port
              + " is taken by another program: choose another, or 0 for none",
          e);
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            2,
            work -> {
              Thread thread = new Thread(work, "http");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    serve(server, "/health/live", () -> probe(health.alive(), health));
    serve(server, "/health/ready", () -> probe(health.ready(), health));
    serve(server, "/metrics", () -> new Answer(200, PROMETHEUS, health.metrics()));
    server.start();
    return new HealthServer(server, threads);
  }

  private static Answer probe(boolean good, Health health) {
    return new Answer(good ? 200 : 503, TEXT, health.report());
  }

  private static void serve(HttpServer server, String path, Page page) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals(path);
            write(exchange, known ? page.answer() : new Answer(404, TEXT, "not found\n"));
          }
        });
  }

  private static void write(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    boolean withBody = !exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), withBody ? body.length : -1);
    if (withBody) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
