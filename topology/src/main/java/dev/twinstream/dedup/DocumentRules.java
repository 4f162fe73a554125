package dev.twinstream.dedup;

import dev.twinstream.model.UnicodeText;
import dev.twinstream.schemas.Document;
import org.apache.kafka.common.utils.Utils;

/** What every document must have, whatever its format. */
public final class DocumentRules {
  private static final int MAX_ID_BYTES = 1024;

  private DocumentRules() {}

  /**
   * @throws IllegalArgumentException naming what is wrong and what is wanted
   */
  public static void check(Document document) {
    String id = document.getId();
    if (id.isEmpty()) {
      throw new IllegalArgumentException("the document has no id; give it one");
    }
    if (!UnicodeText.withoutLoneSurrogates(id).equals(id)) {
      throw new IllegalArgumentException("the id has a lone surrogate; give it Unicode text");
    }
    int idBytes = Utils.utf8(id).length;
    if (idBytes > MAX_ID_BYTES) {
      throw new IllegalArgumentException(
          "the id has " + idBytes + " bytes; at most " + MAX_ID_BYTES + " are taken");
    }
    if (document.getText() == null && !document.getDeleted()) {
      throw new IllegalArgumentException("the document has neither a text nor deleted=true");
    }
  }
}
