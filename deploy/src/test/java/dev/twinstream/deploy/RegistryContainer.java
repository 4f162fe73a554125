package dev.twinstream.deploy;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** A schema registry, with its state in memory. */
final class RegistryContainer extends GenericContainer<RegistryContainer> {
  private static final int PORT = 8080;
  private static final String PATH = "/apis/ccompat/v7";

  /** For clients in the containers' network. */
  static final String INTERNAL_URL = "http://registry:" + PORT + PATH;

  RegistryContainer(Network network) {
    super(Images.REGISTRY);
    withNetwork(network);
    withNetworkAliases("registry");
    withExposedPorts(PORT);
    withEnv("JAVA_OPTIONS", "-Xmx256m");
    waitingFor(Wait.forHttp(PATH + "/subjects").withStartupTimeout(Duration.ofMinutes(5)));
  }

  /** For clients on this machine. */
  String url() {
    return "http://" + getHost() + ":" + getMappedPort(PORT) + PATH;
  }
}
