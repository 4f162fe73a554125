package dev.twinstream.encode;

/**
 * The encoder fails on whatever it is given. No document is refused for that: they wait for the
 * next start. It counts as a death of the process, since one of those under way may be its cause.
 */
final class BrokenEncoderException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  BrokenEncoderException(RuntimeException cause) {
    super(
        "the encoder itself is at fault, since it fails on a text of two words too: "
            + cause.getMessage()
            + "; see what ./twinstream doctor says, and start again",
        cause);
  }
}
