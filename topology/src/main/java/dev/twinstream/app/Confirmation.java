package dev.twinstream.app;

import java.util.Locale;

/** Asks before something that cannot be taken back, where {@code --yes} was not given. */
final class Confirmation {
  private Confirmation() {}

  /**
   * @param command its name, for the error
   * @throws IllegalArgumentException where there is no terminal to ask on
   */
  static boolean given(String command, String question) {
    if (System.console() == null) {
      throw new IllegalArgumentException(
          command + " asks first, and there is no terminal to ask on: add --yes");
    }
    String answer = System.console().readLine(question + " [y/N] ");
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }
}
