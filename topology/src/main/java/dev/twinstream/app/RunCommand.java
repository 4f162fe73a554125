package dev.twinstream.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: the application against an existing Kafka cluster. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the application against a Kafka cluster until it is told to stop.")
final class RunCommand implements Callable<Integer> {
  @Mixin ConfigFile config;

  @Override
  public Integer call() throws IOException, InterruptedException {
    StreamsRunner runner = StreamsRunner.start(config.read());
    Runtime.getRuntime().addShutdownHook(new Thread(runner::close, "shutdown"));
    System.err.println("running; reads " + runner.topics().documents().name());
    runner.await();
    return 0;
  }
}
