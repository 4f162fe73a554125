package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.dedup.BucketEngine;
import dev.twinstream.dedup.ContentOutbox;
import dev.twinstream.dedup.InMemoryBucketStore;
import dev.twinstream.dedup.PackedAddresses;
import dev.twinstream.lsh.Banding;
import dev.twinstream.lsh.LexicalSketch;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.Asker;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The lexical engine alone, in one thread: read, normalise, shingle (5 words), sign (128
 * permutations), insert and query. One invocation is one pass over a file into an empty index.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class LexicalEngineBenchmark {
  @Param("")
  public String file;

  private final LexicalSketcher sketcher =
      new LexicalSketcher(5, 128, Banding.forThreshold(0.7, 128, 0.5, 0.5), 1, 0);

  /** Runs the benchmark on a file and prints documents a second. */
  public static void main(String[] arguments) throws RunnerException, IOException {
    String input = arguments[0];
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(LexicalEngineBenchmark.class.getName())
                    .param("file", input)
                    .build())
            .run()
            .iterator()
            .next();
    double seconds = result.getPrimaryResult().getScore() / 1000;
    long documents = 0;
    long characters = 0;
    try (DocumentReader reader = DocumentReader.open(input, LexicalEngineBenchmark::refuse)) {
      for (Document d = reader.next(); d != null; d = reader.next()) {
        documents++;
        characters += d.getText().length();
      }
    }
    System.out.printf(
        Locale.ROOT,
        "twinstream documents=%d seconds=%.3f documents/s=%.0f megacharacters/s=%.2f%n",
        documents,
        seconds,
        documents / seconds,
        characters / 1e6 / seconds);
  }

  private static void refuse(String name, long line, String reason) {
    throw new IllegalArgumentException(name + ":" + line + ": " + reason);
  }

  /** Candidates found in one pass over the file. */
  @Benchmark
  public long pass() throws IOException {
    CandidateCounter counter = new CandidateCounter();
    BucketEngine engine = new BucketEngine(new InMemoryBucketStore(), counter, Integer.MAX_VALUE);
    long address = 0;
    try (DocumentReader reader = DocumentReader.open(file, LexicalEngineBenchmark::refuse)) {
      for (Document d = reader.next(); d != null; d = reader.next()) {
        LexicalSketch sketch = sketcher.sketch(d.getText(), null);
        List<Long> keys = new ArrayList<>(sketch.keys().length);
        for (long key : sketch.keys()) {
          keys.add(key);
        }
        engine.handle(new BucketRequest(new Asker(address++, 1L, null), 0, false, keys, List.of()));
      }
    }
    return counter.candidates;
  }

  private static final class CandidateCounter implements ContentOutbox {
    private long candidates;

    @Override
    public void toContent(long address, Object payload) {
      candidates += PackedAddresses.count(((BucketAnswer) payload).getCandidates());
    }

    @Override
    public void toContentPartition(int partition, Object payload) {}

    @Override
    public void toDocument(String id, Object payload) {}

    @Override
    public void toBuckets(BucketRequest request) {}

    @Override
    public void answer(String questionId, Verdict verdict) {}
  }
}
