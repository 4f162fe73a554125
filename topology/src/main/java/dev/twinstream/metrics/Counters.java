package dev.twinstream.metrics;

import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** Counters in Kafka's own metrics under the group {@code twinstream}. */
public final class Counters {
  private Counters() {}

  /** A growing total, one a task. */
  public static Sensor counter(ProcessingContext context, String name, String description) {
    Sensor sensor =
        context.metrics().addSensor(name + "-" + context.taskId(), Sensor.RecordingLevel.INFO);
    sensor.add(
        new MetricName(
            name + "-total",
            "twinstream",
            description,
            Map.of("task", context.taskId().toString())),
        new CumulativeSum());
    return sensor;
  }
}
