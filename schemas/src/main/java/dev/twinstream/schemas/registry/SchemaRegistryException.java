package dev.twinstream.schemas.registry;

import org.apache.kafka.common.errors.SerializationException;

/** A schema registry that refused a request or could not be reached. */
public final class SchemaRegistryException extends SerializationException {
  private static final long serialVersionUID = 1L;

  /** Why there is no answer. */
  public enum Reason {
    /** No URL answered, or only with 5xx, 408, 429, 3xx or 2xx without JSON: later one may. */
    UNREACHABLE,
    /** It wants other credentials (401, 403), or the token's issuer does. */
    UNAUTHORIZED,
    /** 409: the schema does not fit the earlier ones, or another client has just made it known. */
    CONFLICT,
    /** 404: it does not know the subject, the schema or the id. */
    UNKNOWN,
    /** It answered, and the answer will stay the same. */
    FINAL
  }

  private final Reason reason;

  /**
   * @param message what was asked of whom, and what came back; never holds credentials
   * @param cause may be null
   */
  public SchemaRegistryException(String message, Reason reason, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why there is no answer. */
  public Reason reason() {
    return reason;
  }

  /**
   * Whether the same request may succeed later: the registry was unreachable, broken or refused the
   * credentials, and said nothing about the schema. Records met meanwhile are not at fault.
   */
  public boolean isTemporary() {
    return reason == Reason.UNREACHABLE || reason == Reason.UNAUTHORIZED;
  }
}
