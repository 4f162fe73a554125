package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream's estimate of its own recall as operators see it, on a real broker. */
class RecallGaugesTest {
  private static final int DOCUMENTS = 150;

  @TempDir Path folder;

  /** Texts in pairs: every other one is a near-copy of the one before it. */
  private static Document[] documents() {
    Random random = new Random(8);
    Document[] documents = new Document[DOCUMENTS];
    String text = "";
    for (int i = 0; i < DOCUMENTS; i++) {
      text = i % 2 == 0 ? Texts.random(random, 100) : Texts.withLastWordsChanged(text, 20, random);
      documents[i] = new Document("d" + i, text, (long) i, null, false);
    }
    return documents;
  }

  private static double gauge(String name) throws Exception {
    return (double)
        ManagementFactory.getPlatformMBeanServer()
            .getAttribute(new ObjectName("kafka.streams:type=twinstream"), name);
  }

  private static Map<String, String> options(String bands) {
    return Map.of(
        RecallOptions.SAMPLE_ONE_IN, "1",
        RecallOptions.PROBE_ONE_IN, "1",
        TwinstreamConfig.MOST_BANDS, bands,
        TwinstreamConfig.THRESHOLD, "0.5");
  }

  /** Runs an application over the texts, and answers the recall that its probes find. */
  private double probe(Cluster cluster, String id, String bands) throws Exception {
    Path config = cluster.config(id, options(bands));
    try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
      Cluster.send(config, documents());
      Cluster.settle(config, runner);
      assertThat(gauge("own-recall-probes-pairs")).isBetween(100.0, (double) DOCUMENTS);
      // Of 75 pairs, half are in one partition of two.
      assertThat(gauge("own-recall-samples-pairs")).isBetween(20.0, 55.0);
      double recall = gauge("own-recall-probes");
      assertThat(gauge("own-recall-full-buckets")).as("no bucket is full").isEqualTo(1);
      assertThat(gauge("own-recall-probes-low")).isLessThan(recall);
      assertThat(gauge("own-recall-probes-high")).isGreaterThan(recall);
      assertThat(Cluster.verdicts(config, 0)).hasSize(DOCUMENTS);
      assertThat(Cluster.records(config, "check-results")).isEmpty();
      return recall;
    }
  }

  /** Newcomers are compared with texts that were stored before the application was started. */
  private static void pairsAfterRestart(Path config) throws Exception {
    Random random = new Random(9);
    Document[] stored = documents();
    Document[] newcomers = new Document[20];
    for (int i = 0; i < newcomers.length; i++) {
      String text = Texts.withLastWordsChanged(stored[2 * i].getText(), 20, random);
      newcomers[i] = new Document("n" + i, text, 1000L + i, null, false);
    }
    try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
      assertThat(gauge("own-recall-samples-pairs")).isZero();
      assertThat(gauge("own-recall-samples")).as("too few pairs").isNaN();
      Cluster.send(config, newcomers);
      Cluster.settle(config, runner);
      // Each is alike to two, and half of those are in its partition.
      assertThat(gauge("own-recall-samples-pairs")).isBetween(5.0, 35.0);
    }
  }

  @Test
  void shouldShowWhatTooFewBandsLose() throws Exception {
    double few;
    try (Cluster cluster = new Cluster(folder.resolve("few"))) {
      few = probe(cluster, "few", "1");
    }
    try (Cluster cluster = new Cluster(folder.resolve("many"))) {
      assertThat(probe(cluster, "many", "20")).isGreaterThan(0.9).isGreaterThan(few + 0.05);
      pairsAfterRestart(cluster.config("many", options("20")));
    }
  }
}
