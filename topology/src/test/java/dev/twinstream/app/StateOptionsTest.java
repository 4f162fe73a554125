package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of the state stores change where state lies and how long a restart takes, no verdict. */
class StateOptionsTest {
  private static final int DOCUMENTS = 400;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  @Test
  void shouldGiveTheSameVerdictsWithTransactionalStoresInLittleSharedMemory() throws Exception {
    List<Document> documents = documents(new Random(20261127));
    Map<String, String> options =
        Map.of(
            TwinstreamConfig.STATE_TRANSACTIONAL, "true",
            TwinstreamConfig.STATE_MEMORY_BYTES, "8388608",
            TwinstreamConfig.BUNDLE, Texts.FAST_MODEL);
    try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(options, letter -> {})) {
      send(pipeline, documents);
      pipeline.awaitIdle(done -> {});
      check(pipeline, documents);
      assertThat(StateMemory.openStores()).isGreaterThan(EmbeddedPipeline.PARTITIONS);
      assertThat(StateMemory.usedBytes()).isPositive();
    }
    assertThat(StateMemory.openStores()).isZero();
  }

  @Test
  void shouldKeepStandbyCopiesThatTakeOver() throws Exception {
    List<Document> documents = documents(new Random(20261128));
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Map<String, String> options =
        Map.of(
            TwinstreamConfig.STATE_STANDBY_REPLICAS,
            "1",
            TwinstreamConfig.STATE_DIR,
            first.toString(),
            TwinstreamConfig.BUNDLE,
            TwinstreamConfig.NO_ENCODER);
    try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(options, letter -> {})) {
      Map<String, Object> other = new HashMap<>(pipeline.config().originals());
      other.put(TwinstreamConfig.STATE_DIR, second.toString());
      StreamsRunner runner = StreamsRunner.start(new TwinstreamConfig(other));
      try {
        send(pipeline, documents.subList(0, DOCUMENTS / 2));
        pipeline.awaitIdle(done -> {});
        awaitSameTasks(first, second);
      } finally {
        runner.close();
      }
      send(pipeline, documents.subList(DOCUMENTS / 2, DOCUMENTS));
      pipeline.awaitIdle(done -> {});
      check(pipeline, documents);
    }
  }

  /** Without standby copies an instance has the stores of its own tasks alone. */
  private static void awaitSameTasks(Path first, Path second) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (tasks(first).isEmpty() || !tasks(first).equals(tasks(second))) {
      assertThat(System.nanoTime())
          .as("standby copies come: %s and %s", tasks(first), tasks(second))
          .isLessThan(deadline);
      Thread.sleep(200);
    }
  }

  private static Set<String> tasks(Path state) throws IOException {
    try (Stream<Path> found = Files.walk(state)) {
      return found
          .filter(path -> path.getFileName().toString().equals("rocksdb"))
          .map(path -> path.getParent().getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static List<Document> documents(Random random) {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      boolean copy = i > 10 && random.nextInt(3) == 0;
      String text = copy ? documents.get(random.nextInt(i)).getText() : Texts.random(random, 60);
      documents.add(new Document("d" + i, text, (long) random.nextInt(1000), "s", false));
    }
    return documents;
  }

  private static void send(EmbeddedPipeline pipeline, List<Document> documents) throws IOException {
    long time = System.currentTimeMillis();
    for (Document document : documents) {
      pipeline.send(document, time++);
    }
  }

  private static void check(EmbeddedPipeline pipeline, List<Document> documents)
      throws IOException {
    Map<String, String> twins = BruteForce.twins(documents);
    for (Document document : documents) {
      String id = document.getId();
      Verdict verdict = pipeline.results().takeVerdict(id);
      assertThat(verdict).as("verdict of %s", id).isNotNull();
      assertThat(verdict.getDuplicateOf()).as("twin of %s", id).isEqualTo(twins.get(id));
      assertThat(pipeline.results().cluster(id))
          .as("cluster of %s", id)
          .isEqualTo(BruteForce.root(id, twins));
    }
    assertThat(pipeline.results().revisionsThatDidNotGrow()).isEmpty();
  }
}
