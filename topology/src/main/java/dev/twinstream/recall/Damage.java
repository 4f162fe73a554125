package dev.twinstream.recall;

/** What happens to a text on its way to becoming a near-copy. */
public enum Damage {
  /** Words replaced here and there. */
  WORDS,
  /** The end cut off. */
  TRUNCATION,
  /** A block of other text put before or after it. */
  BOILERPLATE,
  /** Single characters changed, as scanning does. */
  CHARACTERS
}
