package dev.twinstream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.twinstream.schemas.registry.MockSchemaRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;

/** As much of a schema registry over HTTP as an outage needs: it goes away, and comes again. */
final class OutageRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MockSchemaRegistry schemas = MockSchemaRegistry.named("outage");
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger copies = new AtomicInteger();
  private final HttpServer server;
  private volatile int status = 503;

  OutageRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void comes() {
    status = 200;
  }

  /** From now on it answers nothing but this status. */
  void goes(int status) {
    this.status = status;
    requests.clear();
  }

  /** Another id of the same schema, but for a word that means nothing: no one knows it yet. */
  int copyOf(int id) {
    Schema copy = new Schema.Parser().parse(schemas.byId(id).toString());
    copy.addProp("copy", copies.incrementAndGet());
    return schemas.register("copies", copy);
  }

  /** Method and path of what was asked since it went. */
  Queue<String> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      requests.add(exchange.getRequestMethod() + " " + path);
      byte[] body = exchange.getRequestBody().readAllBytes();
      int found = status;
      byte[] answer = found != 200 ? new byte[0] : JSON.writeValueAsBytes(answer(path, body));
      exchange.sendResponseHeaders(found, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private Map<String, Object> answer(String path, byte[] body) throws IOException {
    String[] parts = path.split("/");
    return switch (parts[1]) {
      case "subjects" -> {
        String schema = JSON.readTree(body).path("schema").asText();
        yield Map.of("id", schemas.register(parts[2], new Schema.Parser().parse(schema)));
      }
      case "schemas" -> Map.of("schema", schemas.byId(Integer.parseInt(parts[3])).toString());
      default -> Map.of();
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
