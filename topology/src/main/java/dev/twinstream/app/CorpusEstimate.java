package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a corpus will take, from the first documents of each input.
 *
 * @param documents documents in it
 * @param bytes bytes of their texts in UTF-8
 * @param tokens tokens that the encoder will read; 0 without one
 * @param exact whether all was read
 */
record CorpusEstimate(long documents, long bytes, long tokens, boolean exact) {
  /** Documents read of each input. */
  static final int SAMPLE = 5_000;

  /** What all stores keep of each of a million documents, half of them copies: bench dedup. */
  static final long STATE_BYTES_A_DOCUMENT = 1_007;

  /** What their changelogs hold of a document before they are compacted, at 216,000 documents. */
  static final long CHANGELOG_BYTES_A_DOCUMENT = 1_839;

  /** Lexical verdicts on two cores at the defaults, over a million: bench dedup. */
  static final double DOCUMENTS_A_SECOND = 737;

  /** The encoder on two cores, at 512 to 65,536 tokens, see the README's table of speed. */
  static final double TOKENS_A_SECOND = 20_000;

  /**
   * Reads the first documents of each input and scales by the size of its files.
   *
   * @param maxTokens tokens of a document that are encoded at most; 0 without an encoder
   */
  static CorpusEstimate of(List<String> inputs, int maxTokens) throws IOException {
    CorpusEstimate sum = new CorpusEstimate(0, 0, 0, true);
    for (String input : inputs) {
      CorpusEstimate one = of(input, maxTokens);
      sum =
          new CorpusEstimate(
              sum.documents + one.documents,
              sum.bytes + one.bytes,
              sum.tokens + one.tokens,
              sum.exact && one.exact);
    }
    return sum;
  }

  private static CorpusEstimate of(String input, int maxTokens) throws IOException {
    long documents = 0;
    long bytes = 0;
    long tokens = 0;
    try (DocumentReader reader = DocumentReader.open(input, (file, line, reason) -> {})) {
      Document row = reader.next();
      for (; row != null && documents < SAMPLE; row = reader.next()) {
        documents++;
        String text = row.getText() == null ? "" : row.getText();
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
        tokens += Math.min(maxTokens, text.length() / TwinstreamConfig.CHARACTERS_PER_TOKEN);
      }
      if (row == null) {
        return new CorpusEstimate(documents, bytes, tokens, true);
      }
      double factor = (double) size(Path.of(input)) / reader.bytesRead();
      return new CorpusEstimate(
          Math.round(documents * factor),
          Math.round(bytes * factor),
          Math.round(tokens * factor),
          false);
    }
  }

  private static long size(Path input) throws IOException {
    long size = 0;
    try (Stream<Path> found = Files.walk(input, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        size += Files.size(file);
      }
    }
    return size;
  }

  /**
   * Hours until the last verdict.
   *
   * @param documentsASecond the rate; 0 takes the rates measured on two cores
   */
  double hours(double documentsASecond) {
    double seconds =
        documentsASecond > 0
            ? documents / documentsASecond
            : documents / DOCUMENTS_A_SECOND + tokens / TOKENS_A_SECOND;
    return seconds / 3600;
  }

  /** As it is shown before the load. */
  String describe(double documentsASecond) {
    return String.format(
        Locale.ROOT,
        "%s%,d documents, %s of text%s%n"
            + "  state on disk, all instances together: about %s (%,d bytes a document)%n"
            + "  changelogs on the brokers: about %s a replica (%,d bytes a document)%n"
            + "  until the last verdict: about %s (%s)",
        exact ? "" : "about ",
        documents,
        size(bytes),
        tokens == 0 ? "" : String.format(Locale.ROOT, ", about %,d tokens to encode", tokens),
        size(documents * STATE_BYTES_A_DOCUMENT),
        STATE_BYTES_A_DOCUMENT,
        size(documents * CHANGELOG_BYTES_A_DOCUMENT),
        CHANGELOG_BYTES_A_DOCUMENT,
        duration(hours(documentsASecond)),
        documentsASecond > 0
            ? String.format(Locale.ROOT, "at %,.0f documents a second", documentsASecond)
            : String.format(
                Locale.ROOT,
                "at %,.0f documents%s a second, as measured on two cores",
                DOCUMENTS_A_SECOND,
                tokens == 0
                    ? ""
                    : String.format(Locale.ROOT, " and %,.0f tokens", TOKENS_A_SECOND)));
  }

  private static String duration(double hours) {
    return hours < 2
        ? String.format(Locale.ROOT, "%.0f minutes", Math.max(1, 60 * hours))
        : String.format(Locale.ROOT, "%.1f hours", hours);
  }

  private static String size(long bytes) {
    return bytes < 1_000_000_000L
        ? String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%,.1f GB", bytes / 1e9);
  }
}
