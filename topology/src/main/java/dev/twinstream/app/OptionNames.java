package dev.twinstream.app;

import dev.twinstream.schemas.registry.RegistryConfig;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Tells misspelt options from those that others read. Interceptors, reporters, login handlers and
 * foreign serdes read options under names of their own, so an unknown name is let through unless it
 * looks like one of ours.
 */
final class OptionNames {
  /** No other reader has options that begin so, but for those that Kafka itself defines. */
  private static final List<String> OUR_PREFIXES =
      List.of(
          "bucket.",
          "candidates.",
          "check.",
          "checks.",
          "cluster.",
          "clusters.",
          "dedup.",
          "documents.",
          "encoder.",
          "encodings.",
          "erasure.",
          "event.time.",
          "hash.",
          "http.",
          "internal.",
          "lexical.",
          "near.duplicates.",
          "pair.marks.",
          "recall.",
          "retention.",
          "semantic.",
          "state.memory",
          "state.standby",
          "state.transactional",
          "text.",
          "twin.");

  /** So many letters more, fewer or other ones make a misspelt name: two that are swapped. */
  private static final int MISSPELT_LETTERS = 2;

  private OptionNames() {}

  /**
   * @param given names of options
   * @param ours every option of the application
   * @throws ConfigException where one is none, but was meant for the application; names it and the
   *     nearest one
   */
  static void check(Collection<?> given, Set<String> ours) {
    Set<String> unknown = new TreeSet<>();
    given.forEach(name -> unknown.add(String.valueOf(name)));
    unknown.removeAll(known(ours));
    for (String name : unknown) {
      String plain = plain(name);
      String nearest = nearest(plain, ours);
      String prefix = OUR_PREFIXES.stream().filter(plain::startsWith).findFirst().orElse(null);
      if (distance(plain, nearest) > MISSPELT_LETTERS) {
        if (prefix == null) {
          continue;
        }
        nearest = nearest(plain, ours.stream().filter(o -> o.startsWith(prefix)).toList());
      }
      throw new ConfigException(name + " is no option: did you mean " + nearest + "?");
    }
  }

  private static Set<String> known(Set<String> ours) {
    Set<String> known = new HashSet<>(ours);
    known.addAll(StreamsConfig.configDef().names());
    known.addAll(ProducerConfig.configNames());
    known.addAll(ConsumerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    known.addAll(RegistryConfig.names());
    known.add(StreamsConfig.InternalConfig.INTERNAL_TASK_ASSIGNOR_CLASS);
    return known;
  }

  /** Capitals, hyphens and underscores are written in place of ours. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ".");
  }

  private static String nearest(String name, Collection<String> ours) {
    return ours.stream()
        .min(
            Comparator.<String>comparingInt(other -> distance(name, other))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  /** Letters to insert, delete or replace to come from one to the other (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
