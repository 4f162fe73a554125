package dev.twinstream.lsh;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.BreakIterator;
import java.util.Arrays;
import java.util.Locale;

/**
 * Word shingles (Broder, On the resemblance and containment of documents, 1997, section 2), as
 * distinct 64-bit hashes. A word is a run of letters, digits and marks; a run in a script that is
 * written without spaces is cut into words by ICU's dictionaries. A text of fewer words than a
 * shingle has is one shingle; a text of no words but some signs is one word.
 */
public final class Shingler {
  private static final ThreadLocal<BreakIterator> WORDS =
      ThreadLocal.withInitial(() -> BreakIterator.getWordInstance(Locale.ROOT));

  /** Room for the distinct shingles of most texts. */
  private static final int FIRST_DISTINCT = 1024;

  private final int words;

  /**
   * @param words words a shingle has, at least 1
   */
  public Shingler(int words) {
    if (words < 1) {
      throw new IllegalArgumentException("a shingle has at least 1 word, found " + words);
    }
    this.words = words;
  }

  /** Distinct shingle hashes, as they first come; none for an empty text. */
  public long[] shingles(String normalized) {
    LongList hashes = wordHashes(normalized);
    if (hashes.size == 0) {
      return new long[0];
    }
    int count = Math.max(1, hashes.size - words + 1);
    LongList shingles = new LongList(Math.min(count, FIRST_DISTINCT));
    // Grows with the distinct ones: a long text may be one word over and over.
    long[] seen = new long[Integer.highestOneBit(shingles.values.length) * 4];
    for (int i = 0; i < count; i++) {
      long hash = 0;
      int end = Math.min(hashes.size, i + words);
      for (int j = i; j < end; j++) {
        hash = (hash ^ hashes.values[j]) * Mixer.GOLDEN;
        hash ^= hash >>> 32;
      }
      hash = Mixer.mix(hash) | 1; // never 0, which marks an empty place
      if (addTo(seen, hash)) {
        shingles.add(hash);
        if (4L * shingles.size > 3L * seen.length) {
          seen = twice(seen);
        }
      }
    }
    return shingles.size == shingles.values.length
        ? shingles.values
        : Arrays.copyOf(shingles.values, shingles.size);
  }

  private static long[] twice(long[] seen) {
    long[] larger = new long[2 * seen.length];
    for (long hash : seen) {
      if (hash != 0) {
        addTo(larger, hash);
      }
    }
    return larger;
  }

  /** Open addressing; the hash is its own place. */
  private static boolean addTo(long[] seen, long hash) {
    int mask = seen.length - 1;
    int at = (int) (hash >>> 33) & mask;
    while (seen[at] != 0) {
      if (seen[at] == hash) {
        return false;
      }
      at = (at + 1) & mask;
    }
    seen[at] = hash;
    return true;
  }

  private static LongList wordHashes(String text) {
    LongList hashes = new LongList(text.length() / 6 + 1);
    int i = 0;
    while (i < text.length()) {
      int start = i;
      boolean spaceless = false;
      int c;
      while (i < text.length() && isWord(c = text.codePointAt(i))) {
        spaceless |= c >= 0x0E00 && isSpaceless(c);
        i += Character.charCount(c);
      }
      if (i == start) {
        i += Character.charCount(text.codePointAt(i));
      } else if (spaceless) {
        segment(text.substring(start, i), hashes);
      } else {
        hashes.add(hash(text, start, i));
      }
    }
    if (hashes.size == 0 && !text.isEmpty()) {
      hashes.add(hash(text, 0, text.length()));
    }
    return hashes;
  }

  private static void segment(String run, LongList hashes) {
    BreakIterator breaks = WORDS.get();
    breaks.setText(run);
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
      hashes.add(hash(run, start, end));
    }
  }

  private static boolean isWord(int c) {
    if (c < 0x80) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    }
    int type = UCharacter.getType(c);
    return UCharacter.isLetterOrDigit(c)
        || type == UCharacter.NON_SPACING_MARK
        || type == UCharacter.COMBINING_SPACING_MARK
        || type == UCharacter.ENCLOSING_MARK;
  }

  private static boolean isSpaceless(int c) {
    int script = UScript.getScript(c);
    return script == UScript.HAN
        || script == UScript.HIRAGANA
        || script == UScript.KATAKANA
        || UCharacter.getIntPropertyValue(c, UProperty.LINE_BREAK)
            == UCharacter.LineBreak.COMPLEX_CONTEXT;
  }

  private static long hash(String text, int start, int end) {
    long hash = end - start;
    for (int i = start; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
      hash ^= hash >>> 29;
    }
    return Mixer.mix(hash);
  }

  private static final class LongList {
    private long[] values;
    private int size;

    LongList(int capacity) {
      values = new long[capacity];
    }

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }
  }
}
