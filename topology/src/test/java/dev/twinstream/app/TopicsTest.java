package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.app.PlannedTopic.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that start at once, on a real broker. */
class TopicsTest {
  private static final Map<String, String> OPTIONS =
      Map.of(
          "cleanup.policy",
          "delete",
          "message.timestamp.type",
          "LogAppendTime",
          "max.message.bytes",
          "1048588");

  @TempDir Path folder;

  /** An admin before whose first creation another instance makes a topic. */
  private static Admin beaten(Admin admin, PlannedTopic others) {
    boolean[] done = {false};
    return (Admin)
        Proxy.newProxyInstance(
            TopicsTest.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("createTopics") && !done[0]) {
                done[0] = true;
                admin.createTopics(List.of(others.create())).all().get();
              }
              try {
                return method.invoke(admin, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static PlannedTopic internal(String name, int partitions) {
    return new PlannedTopic(
        name, Kind.INTERNAL, partitions, PlannedTopic.BROKERS_REPLICAS, "a test", OPTIONS);
  }

  @Test
  void shouldTakeTopicsThatAnotherInstanceHasJustMade() throws Exception {
    try (Cluster cluster = new Cluster(folder);
        Admin admin = new ClusterClients(Cluster.read(cluster.config("raced", Map.of()))).admin()) {
      PlannedTopic first = internal("first", 2);
      PlannedTopic second = internal("second", 2);
      Topics topics = new Topics(beaten(admin, first));
      assertThat(topics.create(List.of(first, second))).containsExactly(second);
      topics.ensure(List.of(first, second));
    }
  }

  @Test
  void shouldCheckThemLikeAnyOther() throws Exception {
    try (Cluster cluster = new Cluster(folder);
        Admin admin = new ClusterClients(Cluster.read(cluster.config("raced", Map.of()))).admin()) {
      Topics topics = new Topics(beaten(admin, internal("odd", 3)));
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> topics.ensure(List.of(internal("odd", 2))))
          .withMessageContaining("topic odd has 3 partitions, but internal.partitions is 2");
    }
  }
}
