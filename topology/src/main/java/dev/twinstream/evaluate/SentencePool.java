package dev.twinstream.evaluate;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.lsh.TextNormalizer;
import dev.twinstream.schemas.Document;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The sentences of a corpus, each once: real corpora hold versions of one text, which would be
 * twins that no truth knows of. Text lies in a temporary file; memory holds 12 bytes a sentence.
 * Thread-safe.
 */
final class SentencePool implements AutoCloseable {
  private static final Pattern BOUNDARY = Pattern.compile("(?<=[.!?])\\s+|\\s*\\n\\s*");
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final int LEAST_WORDS = 4;
  private static final int MOST_WORDS = 80;

  private final Path file;
  private final FileChannel channel;
  private long[] ends = new long[1 << 16];
  private int[] documents = new int[1 << 16];
  private int size;

  private SentencePool(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Reads a corpus.
   *
   * @param input as in {@link DocumentReader#open}
   * @throws IllegalArgumentException where a row cannot be read, or there is no sentence
   */
  static SentencePool read(String input) throws IOException {
    Path file = Files.createTempFile("twinstream-sentences-", ".txt");
    try {
      SentencePool pool = new SentencePool(file, FileChannel.open(file));
      pool.fill(input);
      return pool;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private void fill(String input) throws IOException {
    Set<Long> seen = new HashSet<>();
    long end = 0;
    int document = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        DocumentReader reader = DocumentReader.open(input, SentencePool::refuse)) {
      for (Document d = reader.next(); d != null; d = reader.next(), document++) {
        for (String sentence : BOUNDARY.split(d.getText())) {
          String[] words = SPACE.split(sentence.strip());
          for (int from = 0; from + LEAST_WORDS <= words.length; from += MOST_WORDS) {
            int to = Math.min(words.length, from + MOST_WORDS);
            String text = String.join(" ", Arrays.asList(words).subList(from, to));
            if (seen.add(BucketKeys.scope(TextNormalizer.normalize(text)))) {
              byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
              out.write(bytes);
              end += bytes.length;
              add(end, document);
            }
          }
        }
      }
    }
    if (size == 0) {
      throw new IllegalArgumentException(
          input + " has no sentence of at least " + LEAST_WORDS + " words: name another corpus");
    }
  }

  private static void refuse(String name, long line, String reason) {
    throw new IllegalArgumentException(name + ":" + line + ": " + reason);
  }

  private void add(long end, int document) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
      documents = Arrays.copyOf(documents, 2 * size);
    }
    ends[size] = end;
    documents[size++] = document;
  }

  /** How many sentences there are. */
  int size() {
    return size;
  }

  /** The number of the document that a sentence comes from; sentences are in its order. */
  int document(int sentence) {
    return documents[sentence];
  }

  /** A sentence: words with one space between them. */
  String get(int sentence) {
    long from = sentence == 0 ? 0 : ends[sentence - 1];
    ByteBuffer bytes = ByteBuffer.allocate((int) (ends[sentence] - from));
    try {
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
