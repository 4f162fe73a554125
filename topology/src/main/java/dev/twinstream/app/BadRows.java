package dev.twinstream.app;

import dev.twinstream.app.io.BadRowHandler;
import dev.twinstream.schemas.DeadLetter;
import java.nio.charset.StandardCharsets;

/** Names bad rows on standard error, the first of them one by one, and sums up. */
final class BadRows implements BadRowHandler {
  private static final int NAMED = 100;

  private long count;

  @Override
  public void badRow(String file, long line, String reason) {
    say(file + (line > 0 ? ":" + line : "") + ": " + reason);
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

  String summary() {
    return count == 0 ? "no bad rows" : count + " bad rows";
  }
}
