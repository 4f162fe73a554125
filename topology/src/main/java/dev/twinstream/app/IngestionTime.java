package dev.twinstream.app;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * When a record was ingested: its timestamp, or, where it has none or one before 1970, the latest
 * of its partition before it; where there is none before, a record without a time is ingested now.
 * Brokers take such records from clients other than Java's, and Kafka Streams would stop for good
 * at one.
 */
public final class IngestionTime implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> input, long partitionTime) {
    if (input.timestamp() >= 0) {
      return input.timestamp();
    }
    return partitionTime < 0 && input.timestamp() == RecordBatch.NO_TIMESTAMP
        ? System.currentTimeMillis()
        : Math.max(0, partitionTime);
  }
}
