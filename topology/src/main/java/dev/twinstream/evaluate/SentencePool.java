package dev.twinstream.evaluate;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.lsh.TextNormalizer;
import dev.twinstream.schemas.Document;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.MappedByteBuffer;
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
 * twins that no truth knows of. Text lies in a temporary file that is mapped, not read; memory
 * holds 9 bytes a sentence. Thread-safe.
 */
final class SentencePool implements AutoCloseable {
  private static final Pattern BOUNDARY = Pattern.compile("(?<=[.!?])\\s+|\\s*\\n\\s*");
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final int LEAST_WORDS = 4;
  private static final int MOST_WORDS = 80;

  private final Path file;
  private int[] ends = new int[1 << 16];
  private int[] documents = new int[1 << 16];
  private byte[] words = new byte[1 << 16];
  private int size;
  private MappedByteBuffer text;

  private SentencePool(Path file) {
    this.file = file;
  }

  /**
   * Reads a corpus.
   *
   * @param input as in {@link DocumentReader#open}
   * @throws IllegalArgumentException where a row cannot be read, there is no sentence, or there are
   *     over 2 GiB of them
   */
  static SentencePool read(String input) throws IOException {
    Path file = Files.createTempFile("twinstream-sentences-", ".txt");
    file.toFile().deleteOnExit(); // where the process is ended before its turn
    try {
      SentencePool pool = new SentencePool(file);
      pool.fill(input);
      try (FileChannel channel = FileChannel.open(file)) {
        pool.text = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      }
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
          String[] all = SPACE.split(sentence.strip());
          for (int from = 0; from + LEAST_WORDS <= all.length; from += MOST_WORDS) {
            int to = Math.min(all.length, from + MOST_WORDS);
            String part = String.join(" ", Arrays.asList(all).subList(from, to));
            if (seen.add(BucketKeys.scope(TextNormalizer.normalize(part)))) {
              byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
              out.write(bytes);
              end += bytes.length;
              if (end > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                    input + " has over 2 GiB of sentences: name a part of it");
              }
              add((int) end, document, to - from);
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

  private void add(int end, int document, int wordCount) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
      documents = Arrays.copyOf(documents, 2 * size);
      words = Arrays.copyOf(words, 2 * size);
    }
    ends[size] = end;
    words[size] = (byte) wordCount;
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

  /** How many words a sentence has: 4 to 80. */
  int words(int sentence) {
    return words[sentence];
  }

  /** A sentence: words with one space between them. */
  String get(int sentence) {
    int from = sentence == 0 ? 0 : ends[sentence - 1];
    byte[] bytes = new byte[ends[sentence] - from];
    text.get(from, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
