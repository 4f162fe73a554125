package dev.twinstream.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.twinstream.model.TextTokenizer.Tokens;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Texts to encodings: one ONNX Runtime session with one thread pool, for any number of threads. An
 * encoding never depends on the texts that are encoded beside it.
 */
public final class Encoder implements AutoCloseable {
  /**
   * @param maxTokens longer texts are truncated; at most the bundle's
   * @param batchTokens rows times padded length of one run of the session; a single longer text
   *     still runs, alone
   * @param threads of the session's pool; 0 = one a processor core
   * @param rounds of hashing in LSH layers, from 1 to as many as the model was exported with: more
   *     are nearer to full attention and slower; 0 = the model's own number
   * @param provider where the model runs
   */
  public record Options(
      int maxTokens, int batchTokens, int threads, int rounds, Provider provider) {
    /** On the CPU, with the model's own rounds. */
    public Options(int maxTokens, int batchTokens, int threads) {
      this(maxTokens, batchTokens, threads, 0, Provider.CPU);
    }

    public static Options defaults(Bundle bundle) {
      return new Options(bundle.maxTokens(), 16_384, 0);
    }
  }

  private final Bundle bundle;
  private final Options options;
  private final TextTokenizer tokenizer;
  private final OpsSession session;
  private final AtomicLong truncated = new AtomicLong();
  private final ReadWriteLock closing = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @throws ModelException if the bundle or an option cannot be used
   */
  public Encoder(Bundle bundle, Options options) {
    if (options.maxTokens() < 1 || options.maxTokens() > bundle.maxTokens()) {
      throw new ModelException(
          "max tokens is "
              + options.maxTokens()
              + ", wanted 1 to "
              + bundle.maxTokens()
              + ", the most that model "
              + bundle.name()
              + " takes");
    }
    this.bundle = bundle;
    this.options = options;
    this.tokenizer = new TextTokenizer(bundle.tokenizer());
    this.session =
        new OpsSession(bundle.graph(), options.provider(), options.threads(), options.rounds());
  }

  public Bundle bundle() {
    return bundle;
  }

  /** Texts truncated since the start. */
  public long truncatedTotal() {
    return truncated.get();
  }

  /**
   * Encodes texts, in any number; batches are made inside.
   *
   * @return one a text, in order
   * @throws ModelException if the session fails
   * @throws EncoderClosedException after {@link #close}
   */
  public List<EncodedText> encode(List<String> texts) {
    closing.readLock().lock();
    try {
      if (closed) {
        throw new EncoderClosedException();
      }
      List<Tokens> rows = new ArrayList<>(texts.size());
      for (String text : texts) {
        Tokens tokens = tokenizer.tokenize(text, options.maxTokens());
        if (tokens.truncated()) {
          truncated.incrementAndGet();
        }
        rows.add(tokens);
      }
      EncodedText[] encoded = new EncodedText[rows.size()];
      for (List<Integer> batch : batches(rows)) {
        run(rows, batch, encoded);
      }
      return Arrays.asList(encoded);
    } finally {
      closing.readLock().unlock();
    }
  }

  /** Longest first; a batch ends at the budget, or where half of a row would be padding. */
  private List<List<Integer>> batches(List<Tokens> rows) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingInt((Integer i) -> rows.get(i).ids().length).reversed());
    List<List<Integer>> batches = new ArrayList<>();
    List<Integer> batch = new ArrayList<>();
    int longest = 0;
    for (int index : order) {
      int length = rows.get(index).ids().length;
      boolean full =
          (long) longest * (batch.size() + 1) > options.batchTokens() || 2 * length < longest;
      if (!batch.isEmpty() && full) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      if (batch.isEmpty()) {
        longest = length;
      }
      batch.add(index);
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private void run(List<Tokens> rows, List<Integer> batch, EncodedText[] encoded) {
    int length = rows.get(batch.get(0)).ids().length;
    if (length == 0) {
      for (int index : batch) {
        encoded[index] = new EncodedText(new float[bundle.encodingSize()], 0, false);
      }
      return;
    }
    long[] ids = new long[batch.size() * length];
    long[] mask = new long[ids.length];
    long[] segments = new long[ids.length];
    Arrays.fill(segments, -1);
    for (int row = 0; row < batch.size(); row++) {
      long[] tokens = rows.get(batch.get(row)).ids();
      int at = row * length;
      System.arraycopy(tokens, 0, ids, at, tokens.length);
      Arrays.fill(mask, at, at + tokens.length, 1);
      Arrays.fill(segments, at, at + tokens.length, 0);
    }
    float[][] vectors = run(new long[] {batch.size(), length}, ids, mask, segments);
    for (int row = 0; row < batch.size(); row++) {
      Tokens tokens = rows.get(batch.get(row));
      encoded[batch.get(row)] =
          new EncodedText(vectors[row], tokens.ids().length, tokens.truncated());
    }
  }

  private float[][] run(long[] shape, long[] ids, long[] mask, long[] segments) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OnnxTensor segmentTensor =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(segments), shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "segment_ids", segmentTensor),
                "encoding")) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException e) {
      throw new ModelException(
          "model " + bundle.name() + " failed on " + Arrays.toString(shape) + ": " + e.getMessage(),
          e);
    }
  }

  /** Waits for what is being encoded. */
  @Override
  public void close() {
    closing.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
        tokenizer.close();
      }
    } finally {
      closing.writeLock().unlock();
    }
  }
}
