package dev.twinstream.deploy;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/** Three nodes, each broker and controller, that keep every topic three times. */
final class KafkaNodes implements AutoCloseable {
  private static final int NODES = 3;
  private static final int INTERNAL = 9092;
  private static final int CONTROLLER = 9093;
  private static final int EXTERNAL = 9094;

  /** A container whose port is known before it starts: Kafka tells its clients where it is. */
  private static final class Node extends GenericContainer<Node> {
    Node(Network network, int id, String host, int port) {
      super(Images.KAFKA);
      withNetwork(network);
      withNetworkAliases(name(id));
      addFixedExposedPort(port, EXTERNAL);
      withStartupTimeout(Duration.ofMinutes(5));
      withEnv("KAFKA_HEAP_OPTS", "-Xmx400m");
      withEnv("CLUSTER_ID", "5L6g3nShT-eMCtK--X86sw");
      withEnv("KAFKA_NODE_ID", Integer.toString(id));
      withEnv("KAFKA_PROCESS_ROLES", "broker,controller");
      withEnv("KAFKA_CONTROLLER_QUORUM_VOTERS", voters());
      withEnv("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER");
      withEnv("KAFKA_INTER_BROKER_LISTENER_NAME", "INTERNAL");
      withEnv(
          "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
          "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
      withEnv(
          "KAFKA_LISTENERS",
          "INTERNAL://:" + INTERNAL + ",EXTERNAL://:" + EXTERNAL + ",CONTROLLER://:" + CONTROLLER);
      withEnv(
          "KAFKA_ADVERTISED_LISTENERS",
          "INTERNAL://" + name(id) + ":" + INTERNAL + ",EXTERNAL://" + host + ":" + port);
      // A slow machine must not look like a dead node.
      withEnv("KAFKA_INITIAL_BROKER_REGISTRATION_TIMEOUT_MS", "300000");
      withEnv("KAFKA_CONTROLLER_QUORUM_FETCH_TIMEOUT_MS", "10000");
      withEnv("KAFKA_CONTROLLER_QUORUM_ELECTION_TIMEOUT_MS", "5000");
      withEnv("KAFKA_DEFAULT_REPLICATION_FACTOR", "3");
      withEnv("KAFKA_MIN_INSYNC_REPLICAS", "2");
      withEnv("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "3");
      withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4");
      withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "3");
      withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "2");
      withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4");
      withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
      withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
    }
  }

  private final List<Node> nodes = new ArrayList<>();
  private final String bootstrapServers;

  private KafkaNodes(Network network) throws IOException {
    String host = DockerClientFactory.instance().dockerHostIpAddress();
    List<String> addresses = new ArrayList<>();
    for (int id = 1; id <= NODES; id++) {
      int port = freePort();
      nodes.add(new Node(network, id, host, port));
      addresses.add(host + ":" + port);
    }
    bootstrapServers = String.join(",", addresses);
  }

  /** Starts the nodes and waits until they know each other. */
  static KafkaNodes start(Network network) throws Exception {
    KafkaNodes kafka = new KafkaNodes(network);
    try {
      Startables.deepStart(kafka.nodes).join();
      kafka.await(NODES);
      return kafka;
    } catch (Exception e) {
      kafka.close();
      throw e;
    }
  }

  private void await(int count) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      int found = 0;
      while (found < count) {
        for (Node node : nodes) {
          if (!node.isRunning()) {
            throw new IllegalStateException("a Kafka node has ended: " + node.getLogs());
          }
        }
        Thread.sleep(500);
        try {
          found = admin.describeCluster().nodes().get().size();
        } catch (ExecutionException e) {
          found = 0; // not even one answers yet
        }
      }
    }
  }

  /** Ends a node without a word to the others. */
  void kill(int id) {
    Node node = nodes.get(id - 1);
    node.getDockerClient().killContainerCmd(node.getContainerId()).exec();
  }

  /** For clients on this machine. */
  String bootstrapServers() {
    return bootstrapServers;
  }

  /** For clients in the containers' network. */
  static String internalServers() {
    return ids().mapToObj(id -> name(id) + ":" + INTERNAL).collect(Collectors.joining(","));
  }

  private static String voters() {
    return ids()
        .mapToObj(id -> id + "@" + name(id) + ":" + CONTROLLER)
        .collect(Collectors.joining(","));
  }

  private static IntStream ids() {
    return IntStream.rangeClosed(1, NODES);
  }

  private static String name(int id) {
    return "kafka" + id;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    nodes.forEach(GenericContainer::stop);
  }
}
