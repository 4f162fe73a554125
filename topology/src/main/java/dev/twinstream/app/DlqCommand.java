package dev.twinstream.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.twinstream.app.DeadLetterReplay.Refused;
import dev.twinstream.app.PlannedTopic.Kind;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.TopicNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dlq list} and {@code dlq replay}: documents that were refused. */
@Command(
    name = "dlq",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(list | replay)",
    description = "Documents that could not be processed: shows them, sends them again.")
final class DlqCommand {
  @Spec CommandSpec spec;

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Shows dead letters, and how many there are of each cause.",
        "One line a letter, tabs between: source topic, partition, offset, record key as JSON, bytes"
            + " of the original, cause. The number of each cause goes to standard error."
      })
  int list(
      @Mixin ConfigFile config,
      @Option(
              names = "--limit",
              defaultValue = "100",
              paramLabel = "N",
              description = "letters shown; all are counted (default: ${DEFAULT-VALUE})")
          long limit,
      @Option(
              names = "--cause",
              defaultValue = "",
              paramLabel = "TEXT",
              description = "only those whose cause contains it")
          String cause)
      throws IOException {
    TwinstreamConfig options = config.read();
    PrintWriter out = spec.commandLine().getOut();
    CauseCounts causes = new CauseCounts();
    long[] count = {0};
    try (KafkaConsumer<byte[], byte[]> consumer = new ClusterClients(options).consumer()) {
      forEach(
          consumer,
          deadLetters(options),
          cause,
          refused -> {
            causes.add(refused.letter().getCause());
            if (count[0]++ < limit) {
              out.println(line(refused.letter()));
            }
          });
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    err.printf(Locale.ROOT, "%,d dead letters%n", count[0]);
    causes.lines().forEach(err::println);
    err.flush();
    return 0;
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Sends originals back to the documents topic, each once.",
        "Only those that were kept whole, under their keys, also where a replay broke off. A document"
            + " of which another version was sent since should not be replayed: it would come after."
      })
  int replay(
      @Mixin ConfigFile config,
      @Option(
              names = "--cause",
              defaultValue = "",
              paramLabel = "TEXT",
              description = "only those whose cause contains it")
          String cause,
      @Option(names = "--dry-run", description = "says what would be sent, and sends nothing")
          boolean dryRun)
      throws IOException, InterruptedException {
    TwinstreamConfig options = config.read();
    ClusterClients clients = new ClusterClients(options);
    TopicNames topics = TopicOptions.of(options);
    String id = options.getString(TwinstreamConfig.APPLICATION_ID) + "-dlq-replay";
    PrintWriter out = spec.commandLine().getOut();
    long[] counts = new long[3];
    try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer();
        KafkaProducer<byte[], byte[]> producer =
            dryRun ? null : clients.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id))) {
      DeadLetterReplay replay =
          new DeadLetterReplay(
              topics, TopicReader.partitions(consumer, topics.documents()).size(), id);
      if (producer != null) {
        ensureNotes(options, id);
        producer.initTransactions(); // an earlier replay that still runs is shut out by this
      }
      if (consumer.listTopics().containsKey(id)) {
        replay.remember(consumer);
      }
      forEach(
          consumer,
          deadLetters(options),
          cause,
          refused -> {
            DeadLetter letter = refused.letter();
            Optional<String> obstacle = replay.obstacle(letter);
            if (replay.isReplayed(letter)) {
              counts[2]++;
            } else if (obstacle.isPresent()) {
              counts[1]++;
              out.println("not replayed: " + line(letter) + "\t" + obstacle.get());
            } else if (producer == null) {
              counts[0]++;
              replay.pass(letter);
              out.println("would replay: " + line(letter) + refused.loss());
            } else if (replay.keep(refused)) {
              counts[0] += send(replay, producer, out);
            }
          });
      if (producer != null) {
        counts[0] += send(replay, producer, out);
      }
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "%,d %s, %,d cannot be replayed, %,d had been replayed before%n",
        counts[0],
        dryRun ? "would be replayed" : "replayed",
        counts[1],
        counts[2]);
    err.flush();
    return 0;
  }

  private static int send(
      DeadLetterReplay replay, KafkaProducer<byte[], byte[]> producer, PrintWriter out) {
    List<Refused> sent = replay.send(producer);
    sent.forEach(refused -> out.println("replayed: " + line(refused.letter()) + refused.loss()));
    return sent.size();
  }

  private static Topic<String, DeadLetter> deadLetters(TwinstreamConfig options) {
    TopicCatalogue topics = new Application(options).topics();
    return topics.deadLetters();
  }

  private static void ensureNotes(TwinstreamConfig options, String name)
      throws InterruptedException {
    PlannedTopic notes =
        new PlannedTopic(
            name,
            Kind.INTERNAL,
            1,
            options.getInt(TopicOptions.REPLICATION_FACTOR),
            "dead letters that were replayed",
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.RETENTION_MS_CONFIG,
                "-1"));
    try (Admin admin = new ClusterClients(options).admin()) {
      new Topics(admin).create(List.of(notes));
    }
  }

  private static void forEach(
      KafkaConsumer<byte[], byte[]> consumer,
      Topic<String, DeadLetter> topic,
      String cause,
      Consumer<Refused> visitor) {
    TopicReader.forEach(
        consumer,
        topic.name(),
        record -> {
          DeadLetter letter =
              topic.valueSerde().deserializer().deserialize(topic.name(), record.value());
          if (letter.getCause().contains(cause)) {
            visitor.accept(new Refused(letter, record.headers()));
          }
        });
  }

  private static String line(DeadLetter letter) {
    return String.join(
        "\t",
        letter.getSourceTopic(),
        Integer.toString(letter.getSourcePartition()),
        Long.toString(letter.getSourceOffset()),
        key(letter),
        Long.toString(letter.getOriginalSize()),
        letter.getCause().replaceAll("\\s+", " "));
  }

  private static String key(DeadLetter letter) {
    if (letter.getOriginalKey() == null) {
      return "null";
    }
    try {
      return Ids.escape(
          StandardCharsets.UTF_8.decode(letter.getOriginalKey().duplicate()).toString());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
