package dev.twinstream.model;

/**
 * A text's encoding.
 *
 * @param encoding of Euclidean length 1; all zero for a text without tokens
 * @param tokens how many were encoded
 * @param truncated whether the text has more than that
 */
public record EncodedText(float[] encoding, int tokens, boolean truncated) {}
