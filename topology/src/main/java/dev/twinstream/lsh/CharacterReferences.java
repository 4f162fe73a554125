package dev.twinstream.lsh;

import java.nio.charset.Charset;
import org.jsoup.nodes.Entities;

/**
 * Resolves character references as HTML does, but for those that a semicolon does not end: XML has
 * none, and in text without markup they are none. What names no character stays as it is.
 */
final class CharacterReferences {
  /** Longer than any name, and than any number that is a character. */
  private static final int LONGEST = 40;

  /** What numbers of control characters mean, by the HTML standard. */
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private CharacterReferences() {}

  static String resolve(String text) {
    int reference = text.indexOf('&');
    if (reference < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    for (; reference >= 0; reference = text.indexOf('&', reference + 1)) {
      int end = reference + 1;
      int last = Math.min(text.length(), end + LONGEST);
      while (end < last && isInside(text.charAt(end))) {
        end++;
      }
      if (end < last && text.charAt(end) == ';') {
        String character = character(text.substring(reference + 1, end));
        if (!character.isEmpty()) {
          out.append(text, at, reference).append(character);
          at = end + 1;
        }
      }
    }
    return out.append(text, at, text.length()).toString();
  }

  private static boolean isInside(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '#';
  }

  /** Empty where there is none of the name. */
  private static String character(String name) {
    if (!name.startsWith("#")) {
      return Entities.getByName(name);
    }
    boolean hexadecimal = name.startsWith("x", 1) || name.startsWith("X", 1);
    int code = number(name, hexadecimal ? 2 : 1, hexadecimal ? 16 : 10);
    if (code >= 0x80 && code < 0xA0) {
      return new String(new byte[] {(byte) code}, WINDOWS);
    }
    return Character.isValidCodePoint(code) ? Character.toString(code) : "";
  }

  /** No code point where it is none, or no number. */
  private static int number(String name, int from, int radix) {
    int number = from < name.length() ? 0 : -1;
    for (int i = from; i < name.length() && Character.isValidCodePoint(number); i++) {
      int digit = Character.digit(name.charAt(i), radix);
      number = digit < 0 ? -1 : number * radix + digit;
    }
    return number;
  }
}
