package dev.twinstream.model;

/** The encoder was closed before the texts were encoded: nothing is wrong with them. */
public final class EncoderClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  EncoderClosedException() {
    super("the encoder is closed");
  }
}
