package dev.twinstream.dedup;

import dev.twinstream.metrics.Counters;
import dev.twinstream.recall.OwnRecall;
import dev.twinstream.recall.RecallEstimate;
import dev.twinstream.recall.RecallKind;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** Shows what a process has counted of its own recall. */
final class RecallGauges {
  private RecallGauges() {}

  static void register(ProcessingContext context, OwnRecall counted) {
    register(context, counted, RecallKind.PROBE, "own-recall-probes");
    register(context, counted, RecallKind.REACHABLE_PROBE, "own-recall-full-buckets");
    register(context, counted, RecallKind.SAMPLE, "own-recall-samples");
  }

  private static void register(
      ProcessingContext context, OwnRecall counted, RecallKind kind, String name) {
    gauge(context, counted, kind, name, "share of true pairs found", RecallEstimate::recall);
    gauge(context, counted, kind, name + "-low", "lower 95% bound", RecallEstimate::low);
    gauge(context, counted, kind, name + "-high", "upper 95% bound", RecallEstimate::high);
    gauge(context, counted, kind, name + "-pairs", "true pairs seen", RecallEstimate::pairs);
  }

  private static void gauge(
      ProcessingContext context,
      OwnRecall counted,
      RecallKind kind,
      String name,
      String description,
      ToDoubleFunction<RecallEstimate> value) {
    Counters.gauge(context, name, description, () -> value.applyAsDouble(counted.of(kind)));
  }
}
