package dev.twinstream.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Text to token ids by any {@code tokenizer.json}. Thread-safe. */
final class TextTokenizer implements AutoCloseable {
  /**
   * Tokens of one text.
   *
   * @param ids at most as many as were asked for
   * @param truncated whether the text has more
   */
  record Tokens(long[] ids, boolean truncated) {}

  /** So far from a cut, a tokenizer gives what it would give without the cut. */
  private static final int MARGIN_TOKENS = 64;

  private static final int FIRST_CHARS_PER_TOKEN = 8;

  private final HuggingFaceTokenizer tokenizer;

  /**
   * @param json the content of {@code tokenizer.json}
   * @throws ModelException if it is none
   */
  TextTokenizer(byte[] json) {
    try {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json), Map.of("truncation", "false", "padding", "false"));
    } catch (IOException | RuntimeException e) {
      throw new ModelException("the bundle's tokenizer.json cannot be used: " + e.getMessage(), e);
    }
  }

  /** A text far over the limit is cut first: its rest would be read only to be dropped. */
  Tokens tokenize(String text, int maxTokens) {
    long chars = (long) FIRST_CHARS_PER_TOKEN * (maxTokens + MARGIN_TOKENS);
    while (true) {
      String part = chars >= text.length() ? text : beginning(text, (int) chars);
      long[] ids = tokenizer.encode(UnicodeText.withoutLoneSurrogates(part)).getIds();
      boolean whole = part.length() == text.length();
      if (whole && ids.length <= maxTokens) {
        return new Tokens(ids, false);
      }
      if (whole || ids.length >= maxTokens + MARGIN_TOKENS) {
        return new Tokens(Arrays.copyOf(ids, maxTokens), true);
      }
      chars *= 2;
    }
  }

  /** Up to white space, if there is any: half a word may have more tokens than the whole. */
  private static String beginning(String text, int chars) {
    int end = chars;
    while (end > 0 && !Character.isWhitespace(text.charAt(end))) {
      end--;
    }
    return text.substring(0, end > 0 ? end : chars);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
