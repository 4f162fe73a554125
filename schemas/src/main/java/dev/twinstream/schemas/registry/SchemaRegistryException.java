package dev.twinstream.schemas.registry;

import org.apache.kafka.common.errors.SerializationException;

/** A schema registry that refused a request or could not be reached. */
public final class SchemaRegistryException extends SerializationException {
  private static final long serialVersionUID = 1L;

  private final boolean temporary;

  /**
   * @param message what was asked of whom, and what came back; never holds credentials
   * @param temporary whether the same request may succeed later
   * @param cause may be null
   */
  public SchemaRegistryException(String message, boolean temporary, Throwable cause) {
    super(message, cause);
    this.temporary = temporary;
  }

  /**
   * Whether the same request may succeed later: the registry was unreachable, broken or refused the
   * credentials, and said nothing about the schema. Records met meanwhile are not at fault.
   */
  public boolean isTemporary() {
    return temporary;
  }
}
