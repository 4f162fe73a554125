package dev.twinstream.lsh;

/** What becomes of HTML and XML before texts are compared; part of an epoch. */
public enum Markup {
  /** It is text like any other. */
  KEEP,
  /** It is taken out: see {@link MarkupStripper}. */
  STRIP;

  /** The text as it is compared and encoded. */
  public String normalize(String text) {
    return TextNormalizer.normalize(this == STRIP ? MarkupStripper.strip(text) : text);
  }
}
