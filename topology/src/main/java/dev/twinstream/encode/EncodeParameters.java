package dev.twinstream.encode;

/**
 * How documents are batched for the encoder.
 *
 * @param batchDocuments a batch ends at this many; with 1, none ever waits
 * @param batchCharacters a batch ends at this many characters of English, or at as many tokens
 * @param batchWaitMillis a batch ends this long after its first document
 * @param maxFutureMillis event times further ahead of ingestion are clamped
 */
public record EncodeParameters(
    int batchDocuments, long batchCharacters, long batchWaitMillis, long maxFutureMillis) {}
