package dev.twinstream.app;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * When a record was ingested: its timestamp, or 1970 where that lies before. Brokers take such
 * times from clients other than Java's, and Kafka Streams would stop for good at one.
 */
public final class IngestionTime implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> input, long partitionTime) {
    return Math.max(0, input.timestamp());
  }
}
