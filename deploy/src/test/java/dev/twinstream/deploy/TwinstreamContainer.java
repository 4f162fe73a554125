package dev.twinstream.deploy;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import java.time.Duration;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * An instance of the application as a careful operator runs it: nothing but its volumes can be
 * written to.
 */
final class TwinstreamContainer extends GenericContainer<TwinstreamContainer> {
  private static final int STOP_SECONDS = 75;

  TwinstreamContainer(Network network, String configuration) {
    super(Images.APPLICATION);
    withNetwork(network);
    withExposedPorts(8080);
    withCopyToContainer(Transferable.of(configuration), "/etc/twinstream/twinstream.properties");
    withCreateContainerCmdModifier(
        command ->
            command
                .getHostConfig()
                .withReadonlyRootfs(true)
                .withMemory(1536L * 1024 * 1024)
                .withCapDrop(Capability.ALL));
    waitingFor(Wait.forHealthcheck());
    withStartupTimeout(Duration.ofMinutes(5));
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

  /** What a command in the container prints. */
  String output(String... command) throws Exception {
    Container.ExecResult result = execInContainer(command);
    return result.getStdout() + result.getStderr();
  }
}
