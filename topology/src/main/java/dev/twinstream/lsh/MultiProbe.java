package dev.twinstream.lsh;

import dev.twinstream.lsh.TableHash.Alternative;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Query-directed probing (Lv, Josephson, Wang, Charikar, Li, Multi-probe LSH, VLDB 2007, sections
 * 4.3 to 4.5): sets of functions are moved over their nearest thresholds in order of the sum of
 * squared distances, which orders them by the logarithm of their probability, over all tables at
 * once.
 */
final class MultiProbe {
  private MultiProbe() {}

  /** A neighbouring place: the table, and the values there in full. */
  @SuppressWarnings("ArrayRecordComponent") // lives for one call
  record Probe(int table, long[] values) {}

  /** Alternatives moved at once, as places in the table's list sorted by distance. */
  @SuppressWarnings("ArrayRecordComponent") // lives for one call
  private record Move(int table, int[] places, double cost) {}

  static void requireCount(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("the count of probes is 0 or more, found " + count);
    }
  }

  /**
   * The likeliest neighbours, then those within the margin that are not among them.
   *
   * @param count likeliest neighbours at most
   * @param margin an alternative nearer than this is probed in any case; 0 for none. Single ones
   *     only: where a change of the encoding's last bits crosses one threshold in a thousand, it
   *     crosses two of a table in a million
   */
  static List<Probe> probes(List<TableHash> tables, int count, double margin) {
    requireCount(count);
    List<List<Alternative>> sorted = new ArrayList<>();
    PriorityQueue<Move> moves =
        new PriorityQueue<>(
            Comparator.comparingDouble(Move::cost)
                .thenComparingInt(Move::table)
                .thenComparing(Move::places, Arrays::compare));
    for (int table = 0; table < tables.size(); table++) {
      List<Alternative> alternatives = new ArrayList<>(tables.get(table).alternatives());
      alternatives.sort(Comparator.comparingDouble(Alternative::distance));
      sorted.add(alternatives);
      offer(moves, alternatives, table, new int[] {0});
    }
    List<Probe> probes = new ArrayList<>();
    int[] singles = new int[tables.size()];
    while (probes.size() < count && !moves.isEmpty()) {
      Move move = moves.poll();
      List<Alternative> alternatives = sorted.get(move.table());
      int[] places = move.places();
      int last = places.length - 1;
      int[] shifted = places.clone();
      shifted[last]++;
      offer(moves, alternatives, move.table(), shifted);
      if (!distinctFunctions(alternatives, places)) {
        continue; // more of them stay invalid; another last one may be valid
      }
      int[] expanded = Arrays.copyOf(places, places.length + 1);
      expanded[last + 1] = places[last] + 1;
      offer(moves, alternatives, move.table(), expanded);
      probes.add(probe(tables, alternatives, move.table(), places));
      singles[move.table()] += places.length == 1 ? 1 : 0;
    }
    for (int table = 0; table < tables.size(); table++) {
      List<Alternative> alternatives = sorted.get(table);
      // Single moves come in the list's order, so that the first ones are there already.
      for (int place = singles[table];
          place < alternatives.size() && alternatives.get(place).distance() < margin;
          place++) {
        probes.add(probe(tables, alternatives, table, new int[] {place}));
      }
    }
    return probes;
  }

  private static void offer(
      PriorityQueue<Move> moves, List<Alternative> alternatives, int table, int[] places) {
    if (places[places.length - 1] >= alternatives.size()) {
      return;
    }
    double cost = 0;
    for (int place : places) {
      double distance = alternatives.get(place).distance();
      cost += distance * distance;
    }
    moves.add(new Move(table, places, cost));
  }

  private static boolean distinctFunctions(List<Alternative> alternatives, int[] places) {
    int function = alternatives.get(places[places.length - 1]).function();
    for (int i = 0; i < places.length - 1; i++) {
      if (alternatives.get(places[i]).function() == function) {
        return false;
      }
    }
    return true;
  }

  private static Probe probe(
      List<TableHash> tables, List<Alternative> alternatives, int table, int[] places) {
    long[] values = tables.get(table).values().clone();
    for (int place : places) {
      Alternative alternative = alternatives.get(place);
      values[alternative.function()] = alternative.value();
    }
    return new Probe(table, values);
  }
}
