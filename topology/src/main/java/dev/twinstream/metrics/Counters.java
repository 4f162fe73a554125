package dev.twinstream.metrics;

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** Counters and gauges in Kafka's own metrics under the group {@code twinstream}. */
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

  /** A value of the whole process, the same whichever of its tasks registers it. */
  public static void gauge(
      ProcessingContext context, String name, String description, DoubleSupplier value) {
    context
        .metrics()
        .addSensor(name, Sensor.RecordingLevel.INFO)
        .add(
            new MetricName(name, "twinstream", description, Map.of()),
            new MeasurableStat() {
              @Override
              public double measure(MetricConfig config, long now) {
                return value.getAsDouble();
              }

              @Override
              public void record(MetricConfig config, double recorded, long time) {
                throw new IllegalStateException(name + " shows a value and takes none");
              }
            });
  }
}
