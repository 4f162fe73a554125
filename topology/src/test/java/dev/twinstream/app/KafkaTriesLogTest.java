package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.internal.EncodeTries;
import dev.twinstream.schemas.internal.TriedDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one process knows of its own tries, and what another finds. */
class KafkaTriesLogTest {
  @TempDir Path folder;

  @Test
  void shouldTakeNoAbortedTransactionForADeath() throws Exception {
    EncodeTries hopeless = new EncodeTries(List.of(new TriedDocument(3L, 3)));
    EncodeTries begun =
        new EncodeTries(List.of(new TriedDocument(3L, 3), new TriedDocument(7L, 1)));
    try (Cluster cluster = new Cluster(folder)) {
      TwinstreamConfig config =
          Cluster.read(cluster.config("tries", Map.of(TwinstreamConfig.BUNDLE, Texts.FAST_MODEL)));
      ClusterClients clients = new ClusterClients(config);
      try (Admin admin = clients.admin()) {
        new Topics(admin).ensure(TopicPlan.of(config));
      }
      Topic<Integer, EncodeTries> topic = new Application(config).topics().encodeTries();
      try (KafkaTriesLog here = new KafkaTriesLog(clients, topic);
          KafkaTriesLog other = new KafkaTriesLog(clients, topic)) {
        here.write(1, begun);
        assertThat(here.last(1)).as("not at its end").isEqualTo(begun);
        here.finished(1, hopeless);
        assertThat(here.last(1)).as("aborted since").isEqualTo(hopeless);
        assertThat(other.last(1)).as("as after a death").isEqualTo(begun);
        assertThat(here.last(0).getDocuments()).isEmpty();
        other.write(1, hopeless);
        other.write(1, begun);
        here.write(1, begun);
        assertThat(here.last(1)).as("begun once more").isEqualTo(begun);
      }
    }
  }
}
