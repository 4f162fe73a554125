package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.NodeAssigned;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the clusters say of a document that is away. */
class PublicationTest {
  private final DocumentStore store = new InMemoryDocumentStore();
  private final Publication publication =
      new Publication(store, new SilentOutbox(), new Marks(store, new SilentOutbox(), Long.MAX_VALUE), false);

  private static DocumentState in(String scope) {
    return DocumentState.newBuilder()
        .setVersion(1)
        .setEventTime(1)
        .setEventTimeClamped(false)
        .setPublishedAt(null)
        .setScope(scope)
        .setTextHash(1)
        .setAddress(null)
        .setRevision(0)
        .setMemberRevision(0)
        .build();
  }

  private String enter(String scope) {
    DocumentState state = in(scope);
    publication.enterScope("a", state);
    return state.getNode();
  }

  @BeforeEach
  void assign() {
    publication.assigned("a", null, assigned("x", "c1"));
    publication.assigned("a", null, assigned("y", "c2"));
    publication.assigned("a", null, assigned(null, "c3"));
  }

  private static NodeAssigned assigned(String scope, String node) {
    return new NodeAssigned("a", scope, node, 1L);
  }

  @Test
  void shouldKeepTheClusterOfEachScope() {
    assertThat(enter("z")).isNull();
    assertThat(enter("y")).isEqualTo("c2");
    assertThat(enter("x")).isEqualTo("c1");
    assertThat(enter(null)).isEqualTo("c3");
    assertThat(enter("y")).as("taken once").isNull();
  }

  @Test
  void shouldForgetTheClusterOfOneScopeAlone() {
    publication.assigned("a", in("z"), assigned("x", null));
    assertThat(enter("x")).isNull();
    assertThat(enter("y")).isEqualTo("c2");
  }
}
