package dev.twinstream.lsh;

/**
 * A text's lexical side.
 *
 * @param signature MinHash components, a byte each, then a second byte of those in bands
 * @param keys bucket keys, one a band; none for an empty text
 * @param shingles number of distinct shingles
 * @param textHash1 first half of a 128-bit hash of the normalised text
 * @param textHash2 second half
 * @param partsOrNull for texts inside others; null where those are not looked for
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copies would cost
public record LexicalSketch(
    byte[] signature,
    long[] keys,
    int shingles,
    long textHash1,
    long textHash2,
    Parts partsOrNull) {}
