package dev.twinstream.dedup;

/**
 * What the comparison of two texts' sketches gives.
 *
 * @param matches equal components of the signatures, 8 bits each
 * @param components of a signature
 * @param shinglesA distinct shingles of one text
 * @param shinglesB of the other
 * @param cosineOrNull of the encodings; null without an encoder
 */
public record Evidence(
    int matches, int components, int shinglesA, int shinglesB, Double cosineOrNull) {}
