package dev.twinstream.schemas.serde;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Utils;

/** Makes the serdes of records that others read or write. */
public final class AvroSerdes {
  /**
   * Option: the class of a serde of Avro records, with a constructor without arguments, such as
   * Confluent's {@code io.confluent.kafka.streams.serdes.avro.SpecificAvroSerde}.
   */
  public static final String SERDE_CLASS = "avro.serde.class";

  private AvroSerdes() {}

  /**
   * A configured serde for values: {@link RegistryAvroSerde}, or what {@link #SERDE_CLASS} names.
   *
   * @throws ConfigException where that class is not on the class path or is no serde
   */
  public static <T extends SpecificRecord> Serde<T> ofValues(Class<T> type, Map<String, ?> config) {
    Object name = config.get(SERDE_CLASS);
    Serde<T> serde = name == null ? new RegistryAvroSerde<>(type) : foreign(name.toString());
    serde.configure(config, false);
    return serde;
  }

  /** That the serde is one of the type's is the user's word. */
  @SuppressWarnings("unchecked")
  private static <T> Serde<T> foreign(String name) {
    TrustedClasses.trustOurs();
    try {
      return (Serde<T>) Utils.newInstance(name, Serde.class);
    } catch (ClassNotFoundException e) {
      throw new ConfigException(
          SERDE_CLASS
              + ": found no class "
              + name
              + "; Confluent's are in builds with TWINSTREAM_CONFLUENT=1 (Maven profile confluent)");
    }
  }
}
