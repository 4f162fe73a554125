package dev.twinstream.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}: the application against an existing Kafka cluster. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the application against a Kafka cluster until it is told to stop.")
final class RunCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "F",
      description = "properties file; bootstrap.servers is wanted, see README.md for the rest")
  Path file;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    StreamsRunner runner = StreamsRunner.start(new TwinstreamConfig(properties));
    Runtime.getRuntime().addShutdownHook(new Thread(runner::close, "shutdown"));
    System.err.println("running; reads " + runner.topics().documents().name());
    runner.await();
    return 0;
  }
}
