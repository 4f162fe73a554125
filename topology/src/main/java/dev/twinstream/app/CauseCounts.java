package dev.twinstream.app;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Dead letters by cause. Causes that differ in their numbers alone are one. */
final class CauseCounts {
  private static final Pattern NUMBERS = Pattern.compile("\\d+");

  private final Map<String, Long> counts = new HashMap<>();

  void add(String cause) {
    counts.merge(NUMBERS.matcher(cause).replaceAll("N"), 1L, Long::sum);
  }

  /** One line a cause, the most frequent first, then by name. */
  List<String> lines() {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(entry -> String.format(Locale.ROOT, "%,10d  %s", entry.getValue(), entry.getKey()))
        .toList();
  }
}
