package dev.twinstream.lsh;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The text of HTML or XML: without tags, comments, declarations, processing instructions, scripts
 * and style sheets, and with character references resolved. Tags part words, but for those of
 * elements that stand inside words too. Markup that nothing ends is text.
 *
 * <p>One pass without a tree, which would take many times the memory that the text does: a hostile
 * document must not end the process. What is looked for in vain is not looked for again, so that
 * time grows with the length of the text, whatever it holds.
 */
final class MarkupStripper {
  private static final Set<String> INSIDE_WORDS =
      Set.of(
          "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
          "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp",
          "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr");

  private static final Set<String> WITHOUT_TEXT = Set.of("script", "style");
  private static final int LONGEST_NAME = 10;
  private static final String COMMENT_END = "-->";
  private static final String INSTRUCTION_END = "?>";
  private static final String CDATA = "<![CDATA[";
  private static final String CDATA_END = "]]>";

  private final String text;
  private final StringBuilder out;
  private final int lastEnd;
  private final int lastCommentEnd;
  private final int lastCdataEnd;
  private final int lastInstructionEnd;
  private final Set<String> unclosed = new HashSet<>();
  private boolean quotesEnd = true;

  private MarkupStripper(String text) {
    this.text = text;
    out = new StringBuilder(text.length());
    lastEnd = text.lastIndexOf('>');
    lastCommentEnd = text.lastIndexOf(COMMENT_END);
    lastCdataEnd = text.lastIndexOf(CDATA_END);
    lastInstructionEnd = text.lastIndexOf(INSTRUCTION_END);
  }

  static String strip(String text) {
    return CharacterReferences.resolve(
        text.indexOf('<') < 0 ? text : new MarkupStripper(text).strip());
  }

  private String strip() {
    int at = 0;
    for (int open = text.indexOf('<'); open >= 0; open = text.indexOf('<', at)) {
      out.append(text, at, open);
      at = endOfMarkup(open);
      if (at == open) {
        out.append('<');
        at++;
      }
    }
    return out.append(text, at, text.length()).toString();
  }

  /** Behind what opens here; the same place where that is no markup. */
  private int endOfMarkup(int open) {
    if (text.startsWith("<!--", open)) {
      // <!--> is a whole comment.
      return open + 2 > lastCommentEnd ? open : text.indexOf(COMMENT_END, open + 2) + 3;
    }
    if (text.startsWith(CDATA, open)) {
      return endOfCdata(open);
    }
    if (open > lastEnd) {
      return open;
    }
    char next = text.charAt(open + 1);
    if (next == '?') {
      return open + 2 > lastInstructionEnd
          ? text.indexOf('>', open) + 1
          : text.indexOf(INSTRUCTION_END, open + 2) + 2;
    }
    if (next == '!' && !Character.isWhitespace(text.charAt(open + 2))) {
      return text.indexOf('>', open) + 1;
    }
    return endOfElement(open, next == '/');
  }

  private int endOfCdata(int open) {
    int start = open + CDATA.length();
    if (start > lastCdataEnd) {
      return open;
    }
    int end = text.indexOf(CDATA_END, start);
    out.append(text, start, end);
    return end + CDATA_END.length();
  }

  private int endOfElement(int open, boolean closing) {
    int name = open + (closing ? 2 : 1);
    if (!isLetter(text.charAt(name))) {
      return open;
    }
    int nameEnd = name;
    while (isName(nameEnd)) {
      nameEnd++;
    }
    int end = nameEnd > lastEnd ? 0 : endOfTag(nameEnd);
    if (end == 0) {
      return open;
    }
    String element =
        nameEnd - name > LONGEST_NAME ? "" : text.substring(name, nameEnd).toLowerCase(Locale.ROOT);
    if (!INSIDE_WORDS.contains(element)) {
      out.append(' ');
    }
    boolean isWhole = text.charAt(end - 2) == '/';
    return !closing && !isWhole && WITHOUT_TEXT.contains(element)
        ? endOfContent(element, end)
        : end;
  }

  /** Behind the first {@code >} that stands in no quoted value. There is one, quoted or not. */
  private int endOfTag(int from) {
    boolean value = false;
    for (int i = from; quotesEnd && i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '>') {
        return i + 1;
      }
      if (value && (c == '"' || c == '\'')) {
        value = false;
        int end = text.indexOf(c, i + 1);
        quotesEnd = end >= 0;
        i = end;
      } else if (!Character.isWhitespace(c)) {
        value = c == '=';
      }
    }
    quotesEnd = false;
    return text.indexOf('>', from) + 1;
  }

  /** Where the end tag opens; where there is none, the content is text. */
  private int endOfContent(String element, int from) {
    if (unclosed.contains(element)) {
      return from;
    }
    for (int open = text.indexOf("</", from); open >= 0; open = text.indexOf("</", open + 2)) {
      if (text.regionMatches(true, open + 2, element, 0, element.length())
          && !isName(open + 2 + element.length())) {
        return open;
      }
    }
    unclosed.add(element);
    return from;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private boolean isName(int at) {
    if (at >= text.length()) {
      return false;
    }
    char c = text.charAt(at);
    return c != '<' && c != '>' && c != '/' && !Character.isWhitespace(c);
  }
}
