package dev.twinstream.app;

import dev.twinstream.evaluate.MadeUpStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.utils.Utils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The application as users run it, on a real broker, under a made-up stream whose twins are known:
 * throughput over time, recall and precision by kind of copy, latency, bytes of state, recovery.
 */
@Command(
    name = "dedup",
    mixinStandardHelpOptions = true,
    description = "Streams made-up documents through the application and prints what came of it.")
public final class DedupBenchmark implements Callable<Integer> {
  private static final int DEFAULT_DOCUMENTS = 1_000_000;
  private static final int DEFAULT_WITH_ENCODER = 50_000;

  @Parameters(
      arity = "0..1",
      paramLabel = "DOCUMENTS",
      description = "default 1000000; 50000 with --with-encoder")
  Integer documents;

  @Option(names = "--corpus", required = true, description = "JSON lines: a file or a folder")
  String corpus;

  @Option(names = "--lexical-only", description = "no encodings")
  boolean lexicalOnly;

  @Option(names = "--with-encoder", description = "the application encodes every document")
  boolean withEncoder;

  @Option(
      names = "--encoded",
      defaultValue = "20000",
      description = "documents truly encoded where encodings are sampled (${DEFAULT-VALUE})")
  int encoded;

  @Option(
      names = "--cache",
      defaultValue = "copy-encodings.bin",
      description = "keeps what was encoded and measured (${DEFAULT-VALUE})")
  Path cache;

  @Option(names = "--seed", defaultValue = "1", description = "of the stream (${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--partitions",
      defaultValue = "4",
      description = "partitions of the internal topics (${DEFAULT-VALUE})")
  int partitions;

  @Option(
      names = "--window",
      defaultValue = "5000",
      description = "documents sent and not yet decided, at most (${DEFAULT-VALUE})")
  int window;

  @Option(
      names = "--heap",
      defaultValue = "2g",
      description = "Java heap of the application (${DEFAULT-VALUE})")
  String heap;

  @Option(
      names = "--latency-seconds",
      defaultValue = "60",
      description = "how long latency is measured (${DEFAULT-VALUE})")
  int latencySeconds;

  @Option(names = "--standby", description = "measures recovery by a standby copy as well")
  boolean standby;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "an option of the application")
  Map<String, String> settings = new LinkedHashMap<>();

  /** Runs the benchmark; the arguments are its options. */
  public static void main(String[] arguments) {
    System.exit(BenchmarkCommand.execute(new DedupBenchmark(), arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    if (lexicalOnly && withEncoder) {
      throw new IllegalArgumentException("--lexical-only and --with-encoder exclude each other");
    }
    int count =
        documents != null ? documents : withEncoder ? DEFAULT_WITH_ENCODER : DEFAULT_DOCUMENTS;
    Path folder = Files.createTempDirectory("twinstream-bench-");
    try (MadeUpStream stream =
            MadeUpStream.open(corpus, seed, count + DedupBenchmarkRun.MOST_PROBES);
        BenchmarkBroker broker = new BenchmarkBroker(folder.resolve("broker"))) {
      CopyEncodings encodings =
          lexicalOnly || withEncoder
              ? null
              : CopyEncodings.of(corpus, stream.sentences(), seed, encoded, cache);
      BenchmarkReport report = new BenchmarkReport(stream, count);
      report.printSetting(mode(), encodings);
      new DedupBenchmarkRun(this, folder, broker, stream, encodings, report).run(count);
    } finally {
      Utils.delete(folder.toFile());
    }
    return 0;
  }

  private String mode() {
    return lexicalOnly
        ? "no encodings"
        : withEncoder ? "every document encoded by the application" : "sampled encodings";
  }

  /** The application's options. */
  Map<String, String> options(String bootstrapServers, Path stateFolder) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put(TwinstreamConfig.BOOTSTRAP_SERVERS, bootstrapServers);
    options.put(TwinstreamConfig.SCHEMA_REGISTRY_URL, "mock://benchmark");
    options.put(TwinstreamConfig.PARTITIONS, Integer.toString(partitions));
    options.put(TwinstreamConfig.STATE_DIR, stateFolder.toString());
    // Else a killed instance is missed after 45 s only, whatever state there is to restore.
    options.put("session.timeout.ms", "6000");
    // See EmbeddedPipeline: on loopback a transaction's second batch overtakes its first.
    options.put("producer.max.in.flight.requests.per.connection", "1");
    if (lexicalOnly) {
      options.put(TwinstreamConfig.BUNDLE, TwinstreamConfig.NO_ENCODER);
    }
    options.putAll(settings);
    return options;
  }
}
