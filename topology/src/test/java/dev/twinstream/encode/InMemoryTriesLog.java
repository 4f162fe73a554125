package dev.twinstream.encode;

import dev.twinstream.schemas.internal.EncodeTries;
import dev.twinstream.schemas.internal.TriedDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what is written, as copies. */
final class InMemoryTriesLog implements TriesLog {
  private final Map<Integer, EncodeTries> last = new HashMap<>();
  int writes;

  @Override
  public EncodeTries last(int partition) {
    return last.getOrDefault(partition, new EncodeTries(List.of()));
  }

  /** As in a process that ends at once. */
  @Override
  public void finished(int partition, EncodeTries left) {}

  @Override
  public void write(int partition, EncodeTries tries) {
    List<TriedDocument> copies = new ArrayList<>();
    tries.getDocuments().forEach(d -> copies.add(new TriedDocument(d.getOffset(), d.getTries())));
    last.put(partition, new EncodeTries(copies));
    writes++;
  }
}
