package dev.twinstream.lsh;

import com.ibm.icu.text.Normalizer2;
import dev.twinstream.model.UnicodeText;

/**
 * Text as it is compared: NFKC with case folding (Unicode Standard Annex 15, by ICU, so that the
 * result does not hang on the JVM's own tables), runs of white space and control characters as one
 * space, none at the ends, and lone surrogates as U+FFFD. Of more than {@link #MOST_MARKS}
 * combining marks on one letter, so many at a time are put into their order.
 */
public final class TextNormalizer {
  /** Raised with any change of the result, or of {@link MarkupStripper}'s; part of an epoch. */
  public static final int VERSION = 2;

  /**
   * Characters that are put into order together at most: that takes time by the square of their
   * number. More than any language needs (Unicode Standard Annex 15, section 13, stream-safe text).
   */
  private static final int MOST_MARKS = 30;

  private static final Normalizer2 FOLD = Normalizer2.getNFKCCasefoldInstance();

  private TextNormalizer() {}

  /** The normalised text; empty where there is nothing but white space. */
  public static String normalize(String text) {
    CharSequence folded = isAscii(text) ? text : fold(UnicodeText.withoutLoneSurrogates(text));
    StringBuilder out = new StringBuilder(folded.length());
    boolean space = false;
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (c <= ' ' || (c >= 0x7f && (Character.isISOControl(c) || Character.isSpaceChar(c)))) {
        space = true;
        continue;
      }
      if (space && out.length() > 0) {
        out.append(' ');
      }
      space = false;
      out.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return out.toString();
  }

  /**
   * Case folding and NFKC. What is all ASCII is left as it is, for the caller to put into lower
   * case: only the last ASCII character before another one can change with it.
   */
  private static CharSequence fold(String text) {
    StringBuilder folded = new StringBuilder(text.length() + 16);
    int at = 0;
    while (at < text.length()) {
      int other = at;
      while (other < text.length() && text.charAt(other) < 0x80) {
        other++;
      }
      if (other == text.length()) {
        return folded.append(text, at, other);
      }
      int from = Math.max(at, other - 1);
      folded.append(text, at, from);
      int end = other;
      while (end < text.length() && text.charAt(end) >= 0x80) {
        end++;
      }
      append(folded, text.substring(from, end));
      at = end;
    }
    return folded;
  }

  private static void append(StringBuilder folded, String run) {
    int start = 0;
    int marks = 0;
    for (int at = 0; at < run.length(); ) {
      int character = run.codePointAt(at);
      marks = FOLD.hasBoundaryBefore(character) ? 0 : marks + 1;
      if (marks > MOST_MARKS) {
        folded.append(FOLD.normalize(run.substring(start, at)));
        start = at;
        marks = 1;
      }
      at += Character.charCount(character);
    }
    folded.append(FOLD.normalize(run.substring(start)));
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
