package dev.twinstream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.dedup.Partitioning;
import dev.twinstream.evaluate.MadeUpStream;
import dev.twinstream.evaluate.MadeUpStream.MadeUp;
import dev.twinstream.evaluate.MadeUpStream.Truth;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.TopicNames;
import dev.twinstream.schemas.internal.Arrival;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends documents of the stream in order: to the input topic, or, with an encoding beside each, to
 * the topic that the encoder would write.
 */
final class BenchmarkFeed implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private final MadeUpStream stream;
  private final CopyEncodings encodingsOrNull;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Topic<String, Arrival> encoded;
  private final int partitions;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private int sent;

  /**
   * @param encodingsOrNull null where the application encodes, or nobody does
   */
  BenchmarkFeed(
      MadeUpStream stream,
      CopyEncodings encodingsOrNull,
      Map<String, Object> client,
      int partitions) {
    this.stream = stream;
    this.encodingsOrNull = encodingsOrNull;
    this.partitions = partitions;
    Map<String, Object> sending = new HashMap<>(client);
    sending.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    sending.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    sending.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    sending.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
    producer = new KafkaProducer<>(sending, new ByteArraySerializer(), new ByteArraySerializer());
    encoded =
        TopicCatalogue.of(
                "twinstream",
                TopicNames.standard("documents"),
                Map.of(TwinstreamConfig.SCHEMA_REGISTRY_URL, "mock://benchmark"),
                MOST_BYTES)
            .documentsEncoded();
  }

  /** Documents sent so far: the number of the next one. */
  int sent() {
    return sent;
  }

  /** Sends the next document; returns its number of words. */
  int send() throws IOException {
    if (failure.get() != null) {
      throw new IOException("a document could not be sent: " + failure.get(), failure.get());
    }
    MadeUp made = stream.document(sent);
    producer.send(
        record(made, sent++),
        (metadata, error) -> {
          if (error != null) {
            failure.compareAndSet(null, error);
          }
        });
    return made.text().split("\\s+").length;
  }

  private ProducerRecord<byte[], byte[]> record(MadeUp made, int number) throws IOException {
    long now = System.currentTimeMillis();
    byte[] id = encoded.keySerde().serializer().serialize(encoded.name(), made.id());
    if (encodingsOrNull == null) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", made.id());
      row.put("text", made.text());
      row.put("published_at", made.eventTime());
      return new ProducerRecord<>("documents", null, now, id, JSON.writeValueAsBytes(row));
    }
    short[] encoding = encodingsOrNull.encoding(new Truth(made.base(), made.kind()), number);
    Document document = new Document(made.id(), made.text(), made.eventTime(), null, false);
    Arrival arrival = new Arrival(now, document, QuantizedEncoding.pack(encoding), false, null);
    int partition =
        Partitioning.byDocument(encoded.name(), made.id(), arrival, partitions)
            .orElseThrow()
            .iterator()
            .next();
    return new ProducerRecord<>(
        encoded.name(),
        partition,
        now,
        id,
        encoded.valueSerde().serializer().serialize(encoded.name(), arrival));
  }

  void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
