package dev.twinstream.app.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** One KRaft node, broker and controller, on the loopback interface. */
public final class EmbeddedBroker implements AutoCloseable {
  private static final String CLUSTER_ID_FILE = "cluster.id";

  private final KafkaRaftServer server;
  private final int port;
  private final Path temporaryFolder;

  private EmbeddedBroker(KafkaRaftServer server, int port, Path temporaryFolder) {
    this.server = server;
    this.port = port;
    this.temporaryFolder = temporaryFolder;
  }

  /**
   * Starts a broker and waits until it serves.
   *
   * @param folderOrNull keeps the data, and may hold those of an earlier run; null is a temporary
   *     folder, deleted on close
   * @param overrides broker options
   * @throws IOException where the folder cannot be used or the broker does not start
   */
  public static EmbeddedBroker start(Path folderOrNull, Map<String, String> overrides)
      throws IOException {
    Path folder =
        folderOrNull == null ? Files.createTempDirectory("twinstream-broker-") : folderOrNull;
    Files.createDirectories(folder);
    int port = freePort();
    int controllerPort = freePort();
    Map<String, String> config = new HashMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", "1");
    config.put("log.dirs", folder.toString());
    config.put("listeners", listeners(port, controllerPort));
    config.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    config.put("controller.listener.names", "CONTROLLER");
    config.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    config.put("offsets.topic.replication.factor", "1");
    config.put("offsets.topic.num.partitions", "4");
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.state.log.num.partitions", "4");
    config.put("group.initial.rebalance.delay.ms", "0");
    config.put("group.coordinator.rebalance.protocols", "classic,consumer,streams");
    config.put("auto.create.topics.enable", "false");
    config.put("num.partitions", "1");
    config.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
    config.putAll(overrides);
    try {
      format(folder);
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(server, port, folderOrNull == null ? folder : null);
    } catch (Exception e) {
      throw new IOException("the embedded broker did not start in " + folder + ": " + e, e);
    }
  }

  private static String listeners(int port, int controllerPort) {
    return "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort;
  }

  private static void format(Path folder) throws Exception {
    Path idFile = folder.resolve(CLUSTER_ID_FILE);
    if (!Files.exists(idFile)) {
      Files.writeString(idFile, Uuid.randomUuid().toString());
    }
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(Files.readString(idFile).strip())
        .setNodeId(1)
        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(folder.toString())
        .addDirectory(folder.toString())
        .setIgnoreFormatted(true)
        .run();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where clients find the broker, as host:port. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    server.shutdown();
    server.awaitShutdown();
    if (temporaryFolder != null) {
      Utils.delete(temporaryFolder.toFile());
    }
  }
}
