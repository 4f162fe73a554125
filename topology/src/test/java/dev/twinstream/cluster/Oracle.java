package dev.twinstream.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.internal.EdgeChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Connected components by flooding, from the last message of each document: brute force that shares
 * nothing with the engine. An edge counts unless its twin has gone and nothing has named it since.
 */
final class Oracle {
  private final Map<List<String>, EdgeChange> last = new HashMap<>();
  private final Set<List<String>> gone = new HashSet<>();

  void change(EdgeChange change) {
    List<String> key = Doc.key(change.getScope(), change.getId());
    EdgeChange earlier = last.get(key);
    if (earlier != null && earlier.getRevision() >= change.getRevision()) {
      return;
    }
    last.put(key, change);
    if (!change.getPresent()) {
      gone.add(key);
      return;
    }
    gone.remove(key);
    if (change.getTwin() != null) {
      gone.remove(Doc.key(change.getScope(), change.getTwin()));
    }
  }

  /** Checks everything that the partition has published. */
  void check(Partition partition) {
    Map<List<String>, List<List<String>>> neighbours = new HashMap<>();
    Map<List<String>, Long> times = new HashMap<>();
    last.values().stream()
        .filter(change -> change.getPresent() && change.getTwin() != null)
        .forEach(
            change -> {
              List<String> id = Doc.key(change.getScope(), change.getId());
              List<String> twin = Doc.key(change.getScope(), change.getTwin());
              if (!gone.contains(id) && !gone.contains(twin)) {
                neighbours.computeIfAbsent(id, i -> new ArrayList<>()).add(twin);
                neighbours.computeIfAbsent(twin, i -> new ArrayList<>()).add(id);
                times.put(id, change.getEventTime());
                times.put(twin, change.getTwinEventTime());
              }
            });
    Set<List<String>> seen = new HashSet<>();
    Set<String> rootsSeen = new HashSet<>();
    for (List<String> start : neighbours.keySet()) {
      if (!seen.add(start)) {
        continue;
      }
      List<List<String>> component = new ArrayList<>();
      Deque<List<String>> open = new ArrayDeque<>(List.of(start));
      while (!open.isEmpty()) {
        List<String> at = open.pop();
        component.add(at);
        neighbours.get(at).stream().filter(seen::add).forEach(open::push);
      }
      checkComponent(partition, component, times, rootsSeen);
    }
    assertThat(partition.nodes.keySet()).as("documents with a node").isEqualTo(seen);
    assertThat(
            partition.clusters.values().stream()
                .filter(c -> c.getRedirect() == null)
                .map(Cluster::getId))
        .as("clusters")
        .containsExactlyInAnyOrderElementsOf(rootsSeen);
    partition.clusters.keySet().forEach(partition::resolve);
    assertThat(partition.clusters.values())
        .as("clusters and redirects")
        .allMatch(Cluster::getSettled);
  }

  private static void checkComponent(
      Partition partition,
      List<List<String>> component,
      Map<List<String>, Long> times,
      Set<String> rootsSeen) {
    Comparator<List<String>> byId = Comparator.comparing(key -> key.get(1));
    List<String> earliest =
        component.stream()
            .min(Comparator.<List<String>>comparingLong(times::get).thenComparing(byId))
            .get();
    Set<String> roots = new HashSet<>();
    for (List<String> member : component) {
      assertThat(partition.nodes).containsKey(member);
      roots.add(partition.resolve(partition.nodes.get(member)).getId());
    }
    assertThat(roots).as("clusters of the component of %s", earliest).hasSize(1);
    Cluster cluster = partition.clusters.get(roots.iterator().next());
    assertThat(rootsSeen.add(cluster.getId())).as("two components in %s", cluster).isTrue();
    assertThat(cluster.getSize()).isEqualTo(component.size());
    assertThat(cluster.getCanonical()).isEqualTo(earliest.get(1));
  }
}
