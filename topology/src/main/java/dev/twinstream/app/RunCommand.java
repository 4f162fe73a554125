package dev.twinstream.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: the application against an existing Kafka cluster. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the application against a Kafka cluster until it is told to stop.")
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  @Mixin ConfigFile config;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TwinstreamConfig options = config.read();
    RegistryOptions.warning(options).ifPresent(LOG::warn);
    int port = options.getInt(TwinstreamConfig.HTTP_PORT);
    try (Health health = new Health();
        HealthServer server = HealthServer.startOrNull(port, health)) {
      StreamsRunner runner = StreamsRunner.launch(options);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(runner), "shutdown"));
      health.watch(runner.applications());
      runner.awaitRunning();
      System.err.println("running; reads " + runner.topics().documents().name());
      runner.await();
      return 0;
    }
  }

  private static void stop(StreamsRunner runner) {
    runner.close();
    System.err.println("stopped");
  }
}
