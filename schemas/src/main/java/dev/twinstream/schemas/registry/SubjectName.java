package dev.twinstream.schemas.registry;

import java.util.Locale;
import org.apache.kafka.common.config.ConfigException;

/** The subject under which a topic's schema is registered. */
@FunctionalInterface
public interface SubjectName {
  /**
   * @param record full name of the record that the schema describes
   */
  String of(String topic, String record);

  /**
   * A strategy by Confluent's name, with or without its package: {@code TopicNameStrategy}, {@code
   * RecordNameStrategy} or {@code TopicRecordNameStrategy}.
   *
   * @param key the option that holds the name, for the error
   * @throws ConfigException for any other name
   */
  static SubjectName of(String key, String name, boolean isKey) {
    String suffix = isKey ? "-key" : "-value";
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "TopicNameStrategy" -> (topic, record) -> topic + suffix;
      case "RecordNameStrategy" -> (topic, record) -> record;
      case "TopicRecordNameStrategy" -> (topic, record) -> topic + "-" + record;
      default ->
          throw new ConfigException(
              String.format(
                  Locale.ROOT,
                  "%s: found %s, wanted TopicNameStrategy, RecordNameStrategy or"
                      + " TopicRecordNameStrategy",
                  key,
                  name));
    };
  }
}
