package dev.twinstream.evaluate;

/**
 * What a made-up document is, and how many of every hundred are so. A base is new text; the others
 * are copies of an earlier base.
 */
public enum CopyKind {
  /** New text. */
  BASE("base", 50),
  /** The base's text. */
  EXACT("exact copy", 7),
  /** Case, line breaks, spaces or markup changed; the words are the same. */
  LAYOUT("case, spacing, markup", 4),
  /** One word in 50 replaced, left out or put in. */
  EDIT_2("2% of words edited", 5),
  /** One word in 20. */
  EDIT_5("5% of words edited", 5),
  /** One word in 10. */
  EDIT_10("10% of words edited", 5),
  /** One word in 5. */
  EDIT_20("20% of words edited", 5),
  /** The first 30% to 80% of the words. */
  TRUNCATED("truncated", 4),
  /** A header and a footer of a few hundred that all documents share. */
  BOILERPLATE("boilerplate added", 4),
  /** The same sentences in another order. */
  REORDERED("sentences reordered", 4),
  /** 0.5% to 2% of characters misread, lost or joined, as in scanned text. */
  SCANNED("scanned", 4),
  /** 10% to 30% of the words, from anywhere: the new document lies inside the base. */
  EXCERPT("excerpt", 2),
  /** The base whole, inside a text 2 to 4 times as long. */
  EMBEDDED("embedded", 1);

  private final String label;
  private final int inHundred;

  CopyKind(String label, int inHundred) {
    this.label = label;
    this.inHundred = inHundred;
  }

  /** What tables call it. */
  public String label() {
    return label;
  }

  /** How many of every hundred documents of a stream are of this kind. */
  public int inHundred() {
    return inHundred;
  }
}
