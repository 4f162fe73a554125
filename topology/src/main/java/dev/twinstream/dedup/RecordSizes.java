package dev.twinstream.dedup;

import dev.twinstream.schemas.Document;
import org.apache.kafka.common.utils.Utils;

/**
 * Bytes of records that carry a document. Under exactly-once a record over its topic's limit stops
 * the application, whatever its production handler answers, so a document is measured before it is
 * forwarded, as it will be written and not as it came. On its way it gains nothing but an encoding,
 * for which {@link dev.twinstream.schemas.TopicCatalogue#RECORD_OVERHEAD} leaves room.
 */
final class RecordSizes {
  private RecordSizes() {}

  /**
   * @param most bytes that a document may have
   * @throws IllegalArgumentException where it has more
   */
  static void check(Document document, int most) {
    long size = bytes(document.getId()) + bytes(document.getText()) + bytes(document.getScope());
    if (size > most) {
      throw new IllegalArgumentException(
          "the document has "
              + size
              + " bytes; the internal topics take "
              + most
              + ": raise max.message.bytes of the topics and topic.max.message.bytes, or shorten the"
              + " document");
    }
  }

  private static long bytes(String textOrNull) {
    return textOrNull == null ? 0 : Utils.utf8Length(textOrNull);
  }
}
