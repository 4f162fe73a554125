package dev.twinstream.app;

import dev.twinstream.app.io.BadRowHandler;
import dev.twinstream.schemas.DeadLetter;
import java.nio.charset.StandardCharsets;

/** Names bad rows on standard error, the first of them one by one, and sums up. */
final class BadRows implements BadRowHandler {
  private static final int NAMED = 100;

  private long count;
  private boolean inputBroken;

  @Override
  public void badRow(String file, long line, String reason) {
    say(file + (line > 0 ? ":" + line : "") + ": " + reason);
  }

  /** Always named, however many bad rows were before. */
  @Override
  public void brokenInput(String file, long line, String reason) {
    count++;
    inputBroken = true;
    System.err.println(file + ":" + line + ": " + reason);
  }

  void deadLetter(DeadLetter letter) {
    String id =
        letter.getOriginalKey() == null
            ? "?"
            : StandardCharsets.UTF_8.decode(letter.getOriginalKey().duplicate()).toString();
    say("document " + id + ": " + letter.getCause());
  }

  private void say(String sentence) {
    count++;
    if (count <= NAMED) {
      System.err.println(sentence);
    } else if (count == NAMED + 1) {
      System.err.println("... and more, counted at the end");
    }
  }

  long count() {
    return count;
  }

  /**
   * The exit status of a command that has read its input: 1 where that broke off or every row was
   * bad, 3 for bad rows.
   *
   * @param strict whether bad rows matter
   * @param good rows that were not
   */
  int exitStatus(boolean strict, long good) {
    if (inputBroken || (count > 0 && good == 0)) {
      return 1;
    }
    return strict && count > 0 ? 3 : 0;
  }

  String summary() {
    return count == 0 ? "no bad rows" : count + " bad rows";
  }
}
