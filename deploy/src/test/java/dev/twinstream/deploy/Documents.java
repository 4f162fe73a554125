package dev.twinstream.deploy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Made-up documents whose twins are known. */
final class Documents {
  /**
   * @param json the row that is sent
   * @param verdict kind of the verdict that must come, and the twin where there is one
   */
  record Expected(String json, String verdict) {}

  private static final int WORDS = 80;

  private Documents() {}

  /** A third each: texts of their own, the same texts again, and the same with a word changed. */
  static Map<String, Expected> of(int originals) {
    Random random = new Random(20261125);
    Map<String, String[]> texts = new LinkedHashMap<>();
    Map<String, Expected> documents = new LinkedHashMap<>();
    for (int i = 0; i < originals; i++) {
      String[] words =
          random.ints(WORDS, 0, 50_000).mapToObj(w -> "word" + w).toArray(String[]::new);
      texts.put("original" + i, words);
    }
    texts.forEach((id, words) -> add(documents, id, words, "unique"));
    texts.forEach((id, words) -> add(documents, "copy of " + id, words, "exact " + id));
    texts.forEach(
        (id, words) -> {
          String[] edited = words.clone();
          edited[WORDS / 2] = "edited";
          add(documents, "edit of " + id, edited, "near " + id);
        });
    return documents;
  }

  private static void add(
      Map<String, Expected> documents, String id, String[] words, String verdict) {
    String text = String.join(" ", words);
    int time = documents.size();
    documents.put(
        id,
        new Expected(
            "{\"id\":\"%s\",\"published_at\":%d,\"text\":\"%s\"}".formatted(id, time, text),
            verdict));
  }
}
