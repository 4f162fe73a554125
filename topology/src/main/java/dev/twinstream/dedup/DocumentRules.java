package dev.twinstream.dedup;

import dev.twinstream.model.UnicodeText;
import dev.twinstream.schemas.Document;
import org.apache.kafka.common.utils.Utils;

/** What every document must have, whatever its format. */
public final class DocumentRules {
  /** Bytes that an id, or a scope, has at most: what is said of a document repeats them. */
  static final int MAX_ID_BYTES = 1024;

  private DocumentRules() {}

  /**
   * @throws IllegalArgumentException naming what is wrong and what is wanted
   */
  public static void check(Document document) {
    checkId(document.getId());
    if (document.getScope() != null) {
      checkName("scope", document.getScope());
    }
    if (document.getText() == null && !document.getDeleted()) {
      throw new IllegalArgumentException("the document has neither a text nor deleted=true");
    }
  }

  /** The same for a document's id alone. */
  public static void checkId(String id) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("the document has no id; give it one");
    }
    checkName("id", id);
  }

  private static void checkName(String what, String name) {
    if (!UnicodeText.withoutLoneSurrogates(name).equals(name)) {
      throw new IllegalArgumentException(
          "the " + what + " has a lone surrogate; give it Unicode text");
    }
    int bytes = Utils.utf8Length(name);
    if (bytes > MAX_ID_BYTES) {
      throw new IllegalArgumentException(
          "the " + what + " has " + bytes + " bytes; at most " + MAX_ID_BYTES + " are taken");
    }
  }
}
