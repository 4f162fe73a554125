package dev.twinstream.deploy;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * An instance of the application as a careful operator runs it: nothing but its volumes can be
 * written to.
 */
final class TwinstreamContainer extends GenericContainer<TwinstreamContainer> {
  private static final String CONFIGURATION = "/etc/twinstream/twinstream.properties";
  private static final int PORT = 8080;
  private static final int STOP_SECONDS = 75;

  /**
   * @param configuration a properties file that everybody may read
   */
  TwinstreamContainer(Network network, Path configuration) {
    super(Images.APPLICATION);
    withNetwork(network);
    withExposedPorts(PORT);
    withCreateContainerCmdModifier(
        command ->
            command
                .getHostConfig()
                .withReadonlyRootfs(true)
                .withMemory(1536L * 1024 * 1024)
                .withCapDrop(Capability.ALL)
                .withBinds(
                    new Bind(configuration.toString(), new Volume(CONFIGURATION), AccessMode.ro)));
    // Not by the image's own check: it starts a Java process, which a busy machine may not finish
    // in time.
    waitingFor(Wait.forHttp("/health/ready").forPort(PORT));
    withStartupTimeout(Duration.ofMinutes(10));
  }

  /** Asks it to end, as an orchestrator does, and answers its exit status. */
  int terminate() {
    getDockerClient().stopContainerCmd(getContainerId()).withTimeout(STOP_SECONDS).exec();
    InspectContainerResponse ended = getDockerClient().inspectContainerCmd(getContainerId()).exec();
    return ended.getState().getExitCodeLong().intValue();
  }

  /** Starts it again, on the volumes that it had. */
  void startAgain() {
    getDockerClient().startContainerCmd(getContainerId()).exec();
  }

  /** The names of the metrics that it gives. */
  Set<String> metrics() throws Exception {
    URI uri = URI.create("http://" + getHost() + ":" + getMappedPort(PORT) + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofLines())
        .body()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[ {]")[0])
        .collect(Collectors.toSet());
  }

  /** What a command in the container prints. */
  String output(String... command) throws Exception {
    Container.ExecResult result = execInContainer(command);
    return result.getStdout() + result.getStderr();
  }
}
