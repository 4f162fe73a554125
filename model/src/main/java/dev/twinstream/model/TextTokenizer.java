package dev.twinstream.model;

import ai.djl.engine.EngineException;
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

  /**
   * So far from a cut, a tokenizer gives what it would give without the cut. What a cut changes is
   * the last word before it: WordPiece makes one token of a word of over 100 characters, else at
   * most as many as it has.
   */
  private static final int MARGIN_TOKENS = 128;

  /** White space is sought so far before a cut: a longer run is no word. */
  private static final int LONGEST_WORD = 256;

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
    } catch (EngineException e) {
      throw new ModelException(
          "the tokenizer's native library cannot be loaded: "
              + e.getMessage()
              + "; "
              + NativeOps.temporaryFolder(),
          e);
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

  /** Up to white space, if there is any near; never within a surrogate pair. */
  static String beginning(String text, int chars) {
    for (int end = chars; end > Math.max(0, chars - LONGEST_WORD); end--) {
      if (Character.isWhitespace(text.charAt(end))) {
        return text.substring(0, end);
      }
    }
    boolean inPair = Character.isLowSurrogate(text.charAt(chars));
    return text.substring(0, inPair ? chars - 1 : chars);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
