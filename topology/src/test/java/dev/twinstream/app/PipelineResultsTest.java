package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revisions of all three topics are compared, also with those of verdicts that were taken. */
class PipelineResultsTest {
  @TempDir Path folder;

  private static Verdict verdict(long revision) {
    return Verdict.newBuilder()
        .setId("a")
        .setVersion(1)
        .setRevision(revision)
        .setEventTime(0)
        .setVerdict(VerdictKind.unique)
        .build();
  }

  private static Cluster cluster(long revision) {
    return new Cluster("c", "a", null, 2L, true, 0, revision);
  }

  @Test
  void shouldRememberWhatDidNotGrow() throws IOException {
    try (PipelineResults results = new PipelineResults(folder)) {
      for (long revision = 1; revision < 4; revision++) {
        results.putVerdict("a", verdict(revision));
        results.putMember("a", new ClusterMember("a", "c", revision));
        results.putCluster("c", cluster(revision));
        assertThat(results.takeVerdict("a").getRevision()).isEqualTo(revision);
        assertThat(results.takeVerdict("a")).isNull();
      }
      results.putVerdict("b", verdict(5));
      results.putVerdict("b", null);
      results.putVerdict("b", verdict(1));
      assertThat(results.clusterSize("a")).isEqualTo(2);
      assertThat(results.revisionsThatDidNotGrow()).isEmpty();

      results.putVerdict("a", verdict(3));
      results.putMember("a", new ClusterMember("a", "c", 2L));
      results.putCluster("c", cluster(3));
      assertThat(results.revisionsThatDidNotGrow())
          .containsExactly("verdict of a", "member a", "cluster c");
    }
  }
}
