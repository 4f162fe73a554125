package dev.twinstream.app;

import dev.twinstream.schemas.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The oracle: compares every pair by its true sets of 3-word shingles. Fit for texts whose pairs
 * are far above or far below the threshold, and where all near twins of a document are equally
 * near.
 */
final class BruteForce {
  private static final double THRESHOLD = 0.7;

  private BruteForce() {}

  /** Each surviving document's twin: an exact copy before a near one, then the earliest. */
  static Map<String, String> twins(Collection<Document> documents) {
    return twins(documents, Long.MAX_VALUE);
  }

  /** The same where event times of twins differ by at most {@code retention}. */
  static Map<String, String> twins(Collection<Document> documents, long retention) {
    List<Document> ordered = new ArrayList<>();
    for (Document document : documents) {
      if (!document.getDeleted()) {
        ordered.add(document);
      }
    }
    ordered.sort(Comparator.comparing(Document::getPublishedAt).thenComparing(Document::getId));
    Map<String, Set<List<String>>> shingles = new HashMap<>();
    ordered.forEach(d -> shingles.put(d.getId(), shingles(d.getText())));
    Map<String, String> twins = new HashMap<>();
    for (int i = 0; i < ordered.size(); i++) {
      Document document = ordered.get(i);
      String near = null;
      String exact = null;
      for (int j = i - 1; j >= 0; j--) {
        Document earlier = ordered.get(j);
        if (!earlier.getScope().equals(document.getScope())
            || document.getPublishedAt() - earlier.getPublishedAt() > retention) {
          continue;
        }
        if (earlier.getText().equals(document.getText())) {
          exact = earlier.getId();
        } else if (jaccard(shingles.get(earlier.getId()), shingles.get(document.getId()))
            >= THRESHOLD) {
          near = earlier.getId();
        }
      }
      twins.put(document.getId(), exact == null ? near : exact);
    }
    return twins;
  }

  /** Follows twins to the earliest member. */
  static String root(String id, Map<String, String> twins) {
    String at = id;
    while (twins.get(at) != null) {
      at = twins.get(at);
    }
    return at;
  }

  /** Members of each cluster, by its earliest one. */
  static Map<String, Long> sizes(Map<String, String> twins) {
    Map<String, Long> sizes = new HashMap<>();
    twins.keySet().forEach(id -> sizes.merge(root(id, twins), 1L, Long::sum));
    return sizes;
  }

  private static Set<List<String>> shingles(String text) {
    String[] words = text.split(" ");
    Set<List<String>> shingles = new HashSet<>();
    for (int i = 0; i + 3 <= words.length; i++) {
      shingles.add(Arrays.asList(words[i], words[i + 1], words[i + 2]));
    }
    return shingles;
  }

  private static double jaccard(Set<List<String>> a, Set<List<String>> b) {
    Set<List<String>> common = new HashSet<>(a);
    common.retainAll(b);
    return (double) common.size() / (a.size() + b.size() - common.size());
  }
}
