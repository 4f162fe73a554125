package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.NodeAssigned;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the clusters say of a document that is away, and what is taken back of one that goes. */
class PublicationTest {
  private final DocumentStore store = new InMemoryDocumentStore();
  private final List<String> tombstones = new ArrayList<>();
  private final DocumentOutbox outbox =
      new SilentOutbox() {
        @Override
        public void verdict(String id, Verdict verdict) {
          assertThat(verdict).isNull();
          tombstones.add("verdict " + id);
        }

        @Override
        public void clusterMember(String id, ClusterMember member) {
          assertThat(member).isNull();
          tombstones.add("member " + id);
        }
      };
  private final Publication publication =
      new Publication(store, outbox, new Marks(store, outbox, Long.MAX_VALUE), false);

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
