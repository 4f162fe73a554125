package dev.twinstream.dedup;

/**
 * Which of its links a document's verdict rests on.
 *
 * @param chosen position in the list that was given; {@link #NONE} where no link is good enough
 * @param kind what the document is to the chosen one
 * @param probability that this kind is right, 0 to 1; where nothing was chosen, that of the most
 *     probable near twin, 0 if there are no links
 */
public record Choice(int chosen, Kind kind, double probability) {
  /** No link was chosen. */
  public static final int NONE = -1;

  /** What a document may be to an earlier one whose text is another. */
  public enum Kind {
    /** A version of the same text. */
    NEAR,
    /** The shorter text stands in the longer, which is another text. */
    CONTAINED,
    /** Neither. */
    UNIQUE
  }
}
