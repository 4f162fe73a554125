package dev.twinstream.schemas.registry;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Tells failures of serdes, ours and Confluent's, that say nothing about a record. */
public final class RegistryFailures {
  /** Confluent's client is not on the class path of every build: its errors are known by name. */
  private static final String CONFLUENT = "RestClientException";

  private static final String CONFLUENT_TOKEN = "SchemaRegistryOauthTokenRetrieverException";

  /** Of four statuses Confluent's serdes keep no more than this. */
  private static final Pattern CODE = Pattern.compile("; error code: (\\d{3})$");

  private RegistryFailures() {}

  /**
   * What in an error says that the registry was unreachable, broken or refused the credentials: the
   * same request may succeed later, and the record met meanwhile is not at fault.
   */
  public static Optional<Throwable> temporary(Throwable error) {
    boolean ofSerde = false;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      // The same errors of a connection may be a broker's, which stay what they are.
      ofSerde |= cause instanceof SerializationException || cause instanceof TimeoutException;
      if (isTemporary(cause) || (ofSerde && isOfConnection(cause))) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }

  private static boolean isTemporary(Throwable cause) {
    if (cause instanceof SchemaRegistryException registry) {
      return registry.isTemporary();
    }
    if (cause instanceof InvalidConfigurationException) {
      Matcher code = CODE.matcher(String.valueOf(cause.getMessage()));
      return code.find() && isTemporary(Integer.parseInt(code.group(1)));
    }
    String name = cause.getClass().getSimpleName();
    return name.equals(CONFLUENT_TOKEN) || (name.equals(CONFLUENT) && isTemporary(status(cause)));
  }

  private static boolean isTemporary(int status) {
    return RegistryHttp.mayChange(status) || RegistryHttp.isUnauthorized(status);
  }

  private static int status(Throwable confluents) {
    try {
      return (Integer) confluents.getClass().getMethod("getStatus").invoke(confluents);
    } catch (ReflectiveOperationException e) {
      return 0;
    }
  }

  /** Not every {@link java.io.IOException}: Avro throws one for a record that ends too early. */
  private static boolean isOfConnection(Throwable cause) {
    return cause instanceof SocketException
        || cause instanceof UnknownHostException
        || cause instanceof InterruptedIOException
        || cause instanceof SSLException;
  }
}
