package dev.twinstream.dedup;

/** Sums of the binomial distribution. */
final class BinomialTail {
  private BinomialTail() {}

  /**
   * The probability that a share is at least {@code least}, when {@code hits} of {@code trials}
   * draws hit and every share was as likely before: the share is then Beta(hits + 1, trials - hits
   * + 1), whose tail is P(Binomial(trials + 1, least) &lt;= hits).
   *
   * @param least strictly between 0 and 1
   */
  static double shareAtLeast(double least, int hits, int trials) {
    double logOdds = StrictMath.log(least) - StrictMath.log1p(-least);
    double logTerm = (trials + 1) * StrictMath.log1p(-least);
    double sum = 0;
    for (int i = 0; i <= hits; i++) {
      sum += StrictMath.exp(logTerm);
      logTerm += StrictMath.log((trials + 1.0 - i) / (i + 1.0)) + logOdds;
    }
    return Math.min(1, sum);
  }
}
