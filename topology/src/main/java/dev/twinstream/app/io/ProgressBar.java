package dev.twinstream.app.io;

import java.io.PrintStream;
import java.util.Locale;

/** Progress on standard error: a bar on a terminal, else a line every ten seconds. */
public final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 30;

  private final PrintStream out = System.err;
  private final boolean terminal = System.console() != null;
  private final String what;
  private final long start = System.nanoTime();
  private long lastShown = start;
  private long doneShown = -1;
  private long done;
  private long total;

  /**
   * @param what the thing counted, in the plural
   */
  public ProgressBar(String what) {
    this.what = what;
  }

  /** Sets where it stands; a total of 0 is unknown. */
  public void update(long done, long total) {
    this.done = done;
    this.total = total;
    long now = System.nanoTime();
    if (now - lastShown > (terminal ? 200_000_000L : 10_000_000_000L)) {
      lastShown = now;
      show();
    }
  }

  private void show() {
    doneShown = done;
    double seconds = (System.nanoTime() - start) / 1e9;
    String counts =
        String.format(
            Locale.ROOT, "%,d of %,d %s, %,.0f a second", done, total, what, done / seconds);
    if (!terminal) {
      out.println(counts);
      return;
    }
    int filled = total == 0 ? 0 : (int) Math.min(WIDTH, WIDTH * done / total);
    out.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + counts + "  ");
    out.flush();
  }

  @Override
  public void close() {
    if (terminal) {
      show();
      out.println();
    } else if (done != doneShown) {
      show();
    }
  }
}
