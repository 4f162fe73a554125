package dev.twinstream.app.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Errors as users read them. */
class ReasonsTest {
  @Test
  void shouldSayWhatAnErrorIsCausedBy() {
    assertThat(Reasons.of(new IOException("no client", new IllegalStateException("no host"))))
        .isEqualTo("no client: no host");
  }

  @Test
  void shouldSayNothingTwice() {
    IOException inner = new IOException("the disk is full");
    assertThat(Reasons.of(new ExecutionException(inner))).isEqualTo("the disk is full");
    assertThat(Reasons.of(new RuntimeException(null, inner))).isEqualTo("the disk is full");
    assertThat(Reasons.of(new IllegalStateException("nothing is written: the disk is full", inner)))
        .isEqualTo("nothing is written: the disk is full");
    IllegalStateException outer = new IllegalStateException("a circle");
    outer.initCause(new IllegalStateException("a circle", outer));
    assertThat(Reasons.of(outer)).isEqualTo("a circle");
  }

  @Test
  void shouldMakeSentencesOfPathsAndNumbers() {
    assertThat(Reasons.of(new NoSuchFileException("f"))).isEqualTo("there is no file or folder f");
    assertThat(Reasons.of(new AccessDeniedException("f")))
        .isEqualTo("no permission for f: change its rights, or name another path");
    assertThat(Reasons.of(new FileAlreadyExistsException("f")))
        .isEqualTo("f is in the way: move it, or name another path");
    assertThat(Reasons.of(new MalformedInputException(1)))
        .isEqualTo("a text is not UTF-8 (Input length = 1): save it as UTF-8");
    assertThat(Reasons.of(new NumberFormatException("For input string: \"abc\"")))
        .isEqualTo("a number is wanted, found \"abc\": correct the value");
    assertThat(Reasons.of(new EOFException())).isEqualTo("the end is missing");
    assertThat(Reasons.of(new IllegalStateException()))
        .isEqualTo("java.lang.IllegalStateException");
  }
}
