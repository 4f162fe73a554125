package dev.twinstream.recall;

import dev.twinstream.lsh.Mixer;

/**
 * One in so many, chosen by a hash: the same ones in every run and on every machine.
 *
 * @param seed samples of different seeds are independent of each other
 * @param oneIn how many there are to one that is taken, at least 1
 */
public record HashSample(long seed, int oneIn) {
  public HashSample {
    if (oneIn < 1) {
      throw new IllegalArgumentException("a sample takes one in 1 or more, found one in " + oneIn);
    }
  }

  /** Whether the thing of this number is taken. */
  public boolean takes(long number) {
    return Long.remainderUnsigned(Mixer.combine(seed, number), oneIn) == 0;
  }
}
