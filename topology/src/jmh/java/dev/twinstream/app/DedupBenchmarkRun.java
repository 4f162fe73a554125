package dev.twinstream.app;

import dev.twinstream.evaluate.MadeUpStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The phases of {@link DedupBenchmark}, one after another on one broker and one state folder. */
final class DedupBenchmarkRun {
  /** Documents beyond those of the throughput: for latency and recovery. */
  static final int MOST_PROBES = 100_000;

  private static final int MOST_LATENCY_PROBES = 80_000;
  private static final int RECOVERY_PROBES = 100;

  /** So many words have under 2,000 tokens. */
  private static final int LATENCY_WORDS = 1_400;

  private final DedupBenchmark benchmark;
  private final Path folder;
  private final Path state;
  private final BenchmarkBroker broker;
  private final MadeUpStream stream;
  private final CopyEncodings encodings;
  private final BenchmarkReport report;
  private BenchmarkVerdicts verdicts;
  private BenchmarkFeed feed;
  private BenchmarkProcess application;

  DedupBenchmarkRun(
      DedupBenchmark benchmark,
      Path folder,
      BenchmarkBroker broker,
      MadeUpStream stream,
      CopyEncodings encodingsOrNull,
      BenchmarkReport report) {
    this.benchmark = benchmark;
    this.folder = folder;
    this.state = folder.resolve("state");
    this.broker = broker;
    this.stream = stream;
    this.encodings = encodingsOrNull;
    this.report = report;
  }

  void run(int documents) throws IOException, InterruptedException, ExecutionException {
    application = launch("first", state, Map.of());
    try {
      while (!application.isRunning()) {
        pause();
      }
      try (BenchmarkVerdicts reader =
              new BenchmarkVerdicts(broker.committedReader(), documents + MOST_PROBES);
          BenchmarkFeed sender =
              new BenchmarkFeed(stream, encodings, broker.client(), benchmark.partitions)) {
        verdicts = reader;
        feed = sender;
        double rate = saturate(documents);
        report.printKinds(verdicts, encodings);
        latency(rate / 2);
        sizes();
        recovery("kill -9", Map.of());
        recovery(
            "kill -9, transactional stores", Map.of(TwinstreamConfig.STATE_TRANSACTIONAL, "true"));
        if (benchmark.standby) {
          recoveryByStandby();
        }
      }
    } finally {
      application.kill();
    }
  }

  private BenchmarkProcess launch(String name, Path stateFolder, Map<String, String> more)
      throws IOException {
    Map<String, String> options =
        new LinkedHashMap<>(benchmark.options(broker.bootstrapServers(), stateFolder));
    options.putAll(more);
    return BenchmarkProcess.launch(folder, name, benchmark.heap, options);
  }

  /** A moment's wait, unless something has gone wrong. */
  private void pause() throws IOException, InterruptedException, ExecutionException {
    application.check();
    broker.check();
    TimeUnit.MILLISECONDS.sleep(5);
  }

  private void awaitDecided(int documents)
      throws IOException, InterruptedException, ExecutionException {
    feed.flush();
    while (verdicts.decided() < documents) {
      pause();
    }
  }

  /** Returns documents a second, the first tenth left out: a Java process starts slowly. */
  private double saturate(int documents)
      throws IOException, InterruptedException, ExecutionException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] sending = new long[BenchmarkReport.PARTS];
    long start = System.nanoTime();
    while (feed.sent() < documents) {
      while (feed.sent() - verdicts.decided() >= benchmark.window) {
        pause();
      }
      int part = (int) ((long) feed.sent() * sending.length / documents);
      long before = threads.getCurrentThreadCpuTime();
      feed.send();
      sending[part] += threads.getCurrentThreadCpuTime() - before;
      if (feed.sent() % 10_000 == 0) {
        System.err.println(feed.sent() + " sent, " + verdicts.decided() + " decided");
      }
    }
    awaitDecided(documents);
    broker.awaitIdle(application);
    return report.printThroughput(
        start, verdicts.timesInOrder(documents), verdicts.revisions(), sending);
  }

  private void latency(double rate) throws IOException, InterruptedException, ExecutionException {
    int first = feed.sent();
    int count = (int) Math.min(MOST_LATENCY_PROBES, rate * benchmark.latencySeconds);
    long[] sentAt = new long[count];
    boolean[] measured = new boolean[count];
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = start + (long) (i / rate * 1e9);
      while (System.nanoTime() < due) {
        pause();
      }
      // From when it was due: a sender held up must not hide what its document would have waited.
      sentAt[i] = due;
      measured[i] = feed.send() <= LATENCY_WORDS;
    }
    awaitDecided(first + count);
    double[] seconds = new double[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (measured[i]) {
        seconds[kept++] = (verdicts.decidedAt(first + i) - sentAt[i]) / 1e9;
      }
    }
    report.printLatency(rate, Arrays.copyOf(seconds, kept));
  }

  private void sizes() throws IOException, InterruptedException, ExecutionException {
    broker.awaitIdle(application);
    broker.deleteConsumed();
    application.stop();
    report.printSizes(StateSizes.of(state), broker.bytesByTopic(), verdicts.decided());
  }

  /**
   * Sends documents to a running application, kills it in their midst, starts it again: the time
   * until it has decided these and others sent meanwhile.
   */
  private void recovery(String what, Map<String, String> options)
      throws IOException, InterruptedException, ExecutionException {
    long launched = System.nanoTime();
    application = launch("recovery", state, options);
    send(RECOVERY_PROBES);
    awaitDecided(feed.sent());
    report.printRecovery("a clean stop, before " + what, (System.nanoTime() - launched) / 1e9);
    killInTheMidst();
    long killed = System.nanoTime();
    application = launch("recovery", state, options);
    send(RECOVERY_PROBES);
    awaitDecided(feed.sent());
    report.printRecovery(what, (System.nanoTime() - killed) / 1e9);
    broker.awaitIdle(application);
    application.stop();
  }

  private void killInTheMidst() throws IOException, InterruptedException, ExecutionException {
    int before = verdicts.decided();
    send(RECOVERY_PROBES);
    feed.flush();
    while (verdicts.decided() == before) {
      pause();
    }
    application.kill();
  }

  private void send(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      feed.send();
    }
  }

  private void recoveryByStandby() throws IOException, InterruptedException, ExecutionException {
    Map<String, String> options = Map.of(TwinstreamConfig.STATE_STANDBY_REPLICAS, "1");
    Path otherState = folder.resolve("state-standby");
    Files.createDirectories(otherState);
    application = launch("recovery", state, options);
    send(RECOVERY_PROBES);
    awaitDecided(feed.sent());
    BenchmarkProcess other = launch("standby", otherState, options);
    try {
      awaitCopied(otherState);
      killInTheMidst();
      long killed = System.nanoTime();
      application = other;
      send(RECOVERY_PROBES);
      awaitDecided(feed.sent());
      report.printRecovery(
          "kill -9 of one of two, with standbys", (System.nanoTime() - killed) / 1e9);
    } finally {
      other.kill();
    }
  }

  /** Until the other instance's stores no longer grow. */
  private void awaitCopied(Path otherState)
      throws IOException, InterruptedException, ExecutionException {
    long size = -1;
    long steadySince = System.nanoTime();
    while (size <= 0 || System.nanoTime() - steadySince < TimeUnit.SECONDS.toNanos(20)) {
      pause();
      TimeUnit.SECONDS.sleep(1);
      long now = StateSizes.of(otherState).total();
      if (now != size) {
        size = now;
        steadySince = System.nanoTime();
      }
    }
  }
}
