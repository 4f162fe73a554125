package dev.twinstream.encode;

import dev.twinstream.encode.DocumentEncoder.Outcome;
import dev.twinstream.metrics.Counters;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** Counts what the encoder did. */
final class EncodeMetrics {
  private final Sensor documents;
  private final Sensor tokens;
  private final Sensor truncated;
  private final Sensor failed;

  EncodeMetrics(ProcessingContext context) {
    documents = Counters.counter(context, "encoded-documents", "documents encoded");
    tokens = Counters.counter(context, "encoded-tokens", "tokens encoded");
    truncated = Counters.counter(context, "truncated-documents", "documents cut at max tokens");
    failed = Counters.counter(context, "encode-failures", "documents that could not be encoded");
  }

  void record(Outcome outcome) {
    if (outcome.failure() != null) {
      failed.record();
    } else if (outcome.encoding() != null) {
      documents.record();
      tokens.record(outcome.encoding().getTokens());
      if (outcome.encoding().getTruncated()) {
        truncated.record();
      }
    }
  }
}
