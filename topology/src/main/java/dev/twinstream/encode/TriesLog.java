package dev.twinstream.encode;

import dev.twinstream.schemas.internal.EncodeTries;

/**
 * Remembers which documents were about to be encoded, outside the transaction: that of a process
 * which ends in the middle is aborted, and all that it wrote is gone.
 */
public interface TriesLog {
  /** What was last written for a partition; without documents where nothing was. */
  EncodeTries last(int partition);

  /** Replaces it; returns once that is sure to be found by another process. */
  void write(int partition, EncodeTries tries);

  /**
   * Notes for this process that what was last written came to its end: if its transaction is
   * aborted, that was no death.
   *
   * @param left what has not been encoded yet of what was written
   */
  void finished(int partition, EncodeTries left);
}
