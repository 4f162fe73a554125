package dev.twinstream.model;

/** A bundle, tokenizer or graph that cannot be used; the message says what to do. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
