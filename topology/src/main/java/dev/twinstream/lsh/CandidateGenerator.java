package dev.twinstream.lsh;

/**
 * From a document's features to the bucket keys that bring it together with others. Two documents
 * are candidates when a key that one looks under is a key that the other is stored under.
 *
 * <p>Implementations are pure and thread-safe: the same features give the same keys on any machine.
 *
 * @param <T> features: distinct shingle hashes ({@code long[]}), or a quantised encoding ({@code
 *     short[]}, see {@link QuantizedEncoding})
 */
public interface CandidateGenerator<T> {
  /**
   * The keys a document is stored under.
   *
   * @param scope from {@link BucketKeys#scope}; documents of different scopes share no key
   * @return distinct keys; none for features without content, which are never alike
   */
  long[] keys(T features, long scope);

  /**
   * The keys a document looks under: its own first, then the neighbouring ones that small changes
   * of the features could have moved it to, likeliest first. Only a query pays for them.
   *
   * @param count how many neighbouring keys at most, 0 or more. Keys that a margin demands come in
   *     addition
   * @throws IllegalArgumentException for a negative count
   */
  long[] probes(T features, long scope, int count);
}
