package dev.twinstream.cluster;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.internal.ClusterMessage;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.EdgeChange;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.SplitDue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Moves edge changes through a {@link ClusterEngine}. */
final class ClusterProcessor
    implements Processor<String, ClusterMessage, String, Object>, ClusterOutbox {
  private final String origin;
  private ProcessorContext<String, Object> context;
  private ClusterEngine engine;
  private long timestamp;

  /**
   * @param origin differs between states that are made one after the other
   */
  ClusterProcessor(String origin) {
    this.origin = origin;
  }

  @Override
  public void init(ProcessorContext<String, Object> processorContext) {
    context = processorContext;
    engine =
        new ClusterEngine(
            new KafkaClusterStore(context.getStateStore(ClusterTopology.STATE)),
            this,
            "c" + context.taskId().partition() + "-" + origin + "-");
  }

  @Override
  public void process(Record<String, ClusterMessage> input) {
    timestamp = input.timestamp();
    if (input.value().getPayload() instanceof EdgeChange change) {
      engine.change(change);
    } else {
      engine.step();
    }
  }

  @Override
  public void assigned(NodeAssigned assigned) {
    send(assigned.getId(), new DocumentMessage(assigned), ClusterTopology.TO_DOCUMENTS);
  }

  @Override
  public void cluster(String id, Cluster clusterOrNull) {
    send(id, clusterOrNull, ClusterTopology.TO_CLUSTERS);
  }

  @Override
  public void stepLater() {
    ClusterMessage step = new ClusterMessage(context.taskId().partition(), new SplitDue());
    send("step", step, ClusterTopology.TO_STEPS);
  }

  private void send(String key, Object value, String sink) {
    context.forward(new Record<>(key, value, timestamp), sink);
  }
}
