package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Head;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopiesTest {
  private static final long ADDRESS = 7;

  private final Copies copies = new Copies(new InMemoryContentStore(), Long.MAX_VALUE);

  @Test
  void shouldNotOfferDocumentItsOwnOldCopy() {
    Copy old = new Copy("a", 1L, 10L);
    Copy other = new Copy("b", 1L, 20L);
    Head changed = new Head(new Copy("a", 2L, 30L), List.of());
    copies.addFirst(ADDRESS, old, List.of());
    assertThat(copies.offer(ADDRESS, changed)).isNull();
    copies.add(ADDRESS, other, List.of());
    assertThat(copies.offer(ADDRESS, changed)).isEqualTo(other);
  }
}
