package dev.twinstream.app;

import dev.twinstream.app.io.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code load}: an existing corpus into the documents topic of a cluster. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends an existing corpus to the documents topic. Says first what it will take, and asks.",
      "Broken off and begun again, it goes on where the cluster had acknowledged all."
    })
final class LoadCommand implements Callable<Integer> {
  /** Of the producer, which holds the largest document allowed and some more. */
  private static final long LEAST_BUFFER_BYTES = 64L * 1024 * 1024;

  @Mixin ConfigFile config;

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "F",
      description = "JSON lines {id, text} (.jsonl, also .gz or .xz), or folders")
  List<String> inputs;

  @Option(names = "--yes", description = "does not ask")
  boolean yes;

  @Option(
      names = "--checkpoint",
      paramLabel = "F",
      description =
          "keeps how far each input is loaded (default: the --config file's name + .load)")
  Path checkpointFile;

  @Option(
      names = "--checkpoint-documents",
      paramLabel = "N",
      defaultValue = "10000",
      description = "documents between checkpoints (default: ${DEFAULT-VALUE})")
  int documentsACheckpoint;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "documents a second that your cluster reaches, for the estimate")
  double documentsASecond;

  @Option(names = "--strict", description = "exit with 3 if a row could not be loaded")
  boolean strict;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (String input : inputs) {
      Path path = Path.of(input);
      if (input.equals("-")
          || (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path))) {
        throw new IllegalArgumentException(
            "load reads its input twice, for the estimate and on resuming: give files or folders,"
                + " not standard input or a pipe (found "
                + input
                + ")");
      }
    }
    if (documentsACheckpoint < 1) {
      throw new IllegalArgumentException(
          "--checkpoint-documents is at least 1, found " + documentsACheckpoint);
    }
    if (!(documentsASecond >= 0)) {
      throw new IllegalArgumentException(
          "--rate is a number of documents a second above 0, found " + documentsASecond);
    }
    TwinstreamConfig options = config.read();
    RegistryOptions.requireShared(options);
    CorpusEstimate estimate =
        CorpusEstimate.of(
            inputs, options.hasEncoder() ? options.getInt(TwinstreamConfig.MAX_TOKENS) : 0);
    System.err.println(estimate.describe(documentsASecond));
    if (!yes && !Confirmation.given("load", "send them?")) {
      System.err.println("nothing was sent");
      return 1;
    }
    BadRows badRows = new BadRows();
    return badRows.exitStatus(strict, load(options, estimate, badRows));
  }

  /** Sends what is not yet loaded, and counts what is. */
  private long load(TwinstreamConfig options, CorpusEstimate estimate, BadRows badRows)
      throws IOException, InterruptedException {
    ClusterClients clients = new ClusterClients(options);
    String topic = options.getString(TwinstreamConfig.DOCUMENTS_TOPIC);
    int maxMessageBytes;
    LoadCheckpoint checkpoint;
    try (Admin admin = clients.admin()) {
      Topics topics = new Topics(admin);
      topics.ensure(TopicPlan.of(options));
      maxMessageBytes = topics.maxMessageBytes(List.of(topic));
      checkpoint =
          LoadCheckpoint.open(
              checkpointFile != null
                  ? checkpointFile
                  : config.file.resolveSibling(config.file.getFileName() + ".load"),
              "topic " + topic + " of cluster " + admin.describeCluster().clusterId().get());
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the cluster does not say its id: " + e.getCause().getMessage(), e);
    }
    DocumentWriter writer =
        DocumentWriter.of(options.getString(TwinstreamConfig.DOCUMENTS_FORMAT), options.registry());
    long started = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer =
            clients.producer(
                Map.of(
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                    maxMessageBytes,
                    ProducerConfig.BUFFER_MEMORY_CONFIG,
                    Math.max(LEAST_BUFFER_BYTES, 2L * maxMessageBytes)));
        ProgressBar bar = new ProgressBar("documents")) {
      CorpusLoader loader =
          new CorpusLoader(
              producer,
              topic,
              writer,
              maxMessageBytes,
              checkpoint,
              documentsACheckpoint,
              estimate.documents(),
              badRows,
              bar);
      for (String input : inputs) {
        loader.load(input);
      }
      bar.update(loader.sent(), loader.sent());
      System.err.printf(
          Locale.ROOT,
          "%,d documents sent to %s in %.1f s, %,d passed over as loaded before; %s%n",
          loader.sent(),
          topic,
          (System.nanoTime() - started) / 1e9,
          loader.skipped(),
          badRows.summary());
      return loader.sent() + loader.skipped();
    }
  }
}
