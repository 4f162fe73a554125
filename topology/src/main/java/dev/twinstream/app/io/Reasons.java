package dev.twinstream.app.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.EOFException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Errors as sentences for those who read them at a terminal. */
public final class Reasons {
  private Reasons() {}

  /**
   * What went wrong, and by what: the error's message and those of its causes, outermost first,
   * joined with ": ". A message that another one already says is left out.
   */
  public static String of(Throwable error) {
    List<String> sentences = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable one = error; one != null && seen.add(one); one = one.getCause()) {
      if (!onlyWraps(one)) {
        String sentence = sentence(one);
        if (sentences.stream().noneMatch(said -> said.contains(sentence))) {
          sentences.add(sentence);
        }
      }
    }
    return String.join(": ", sentences);
  }

  /** Whether the error says nothing but what its cause is. */
  private static boolean onlyWraps(Throwable error) {
    Throwable cause = error.getCause();
    return cause != null
        && (error.getMessage() == null || error.getMessage().equals(cause.toString()));
  }

  /** The messages of some errors are no more than a path, or a number. */
  private static String sentence(Throwable error) {
    String message = error.getMessage();
    if (error instanceof NoSuchFileException) {
      return "there is no file or folder " + message;
    }
    if (error instanceof AccessDeniedException) {
      return "no permission for " + message + ": change its rights, or name another path";
    }
    if (error instanceof FileAlreadyExistsException) {
      return message + " is in the way: move it, or name another path";
    }
    if (error instanceof NotDirectoryException) {
      return message + " is no folder: name one";
    }
    if (error instanceof DirectoryNotEmptyException) {
      return "the folder " + message + " is not empty: empty it, or name another path";
    }
    if (error instanceof CharacterCodingException) {
      return "a text is not UTF-8 (" + message + "): save it as UTF-8";
    }
    if (error instanceof NumberFormatException) {
      return "a number is wanted, "
          + String.valueOf(message).replace("For input string:", "found")
          + ": correct the value";
    }
    if (error instanceof JsonProcessingException json) {
      return json.getOriginalMessage();
    }
    if (error instanceof EOFException) {
      return message == null ? "the end is missing" : message;
    }
    return message == null || message.isBlank() ? error.toString() : message;
  }
}
