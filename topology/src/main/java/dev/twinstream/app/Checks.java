package dev.twinstream.app;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Utils;

/**
 * Asks a running application what it would say of texts, without storing them. Each question has an
 * id of its own, so that answers to others are not taken for it. It begins with the row's, since of
 * documents of one event time the ids decide which comes first.
 */
final class Checks implements AutoCloseable {
  private static final int MAX_OPEN = 1000;
  private static final long MAX_OPEN_CHARACTERS = 16L * 1024 * 1024;

  /** Of a row's id: the question's, too, has {@code DocumentRules.MAX_ID_BYTES} at most. */
  private static final int START_CODE_POINTS = 200;

  private final String call = UUID.randomUUID().toString();
  private final Topic<byte[], byte[]> questions;
  private final Topic<String, Verdict> results;
  private final DocumentWriter writer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, String> rowIds = new LinkedHashMap<>();
  private final Map<String, Verdict> answers = new HashMap<>();
  private final int maxRecordBytes;
  private final Map<String, Future<RecordMetadata>> sending = new LinkedHashMap<>();
  private long asked;
  private long characters;

  /**
   * Finds where the answers end now.
   *
   * @throws IllegalArgumentException where the application has never run
   * @throws IllegalStateException where no broker answers
   */
  Checks(TwinstreamConfig options) {
    RegistryOptions.requireShared(options);
    TopicCatalogue topics = new Application(options).topics();
    questions = topics.questions();
    results = topics.answers();
    writer =
        DocumentWriter.of(options.getString(TwinstreamConfig.DOCUMENTS_FORMAT), options.registry());
    ClusterClients clients = new ClusterClients(options);
    consumer = clients.consumer();
    try {
      TopicReader.partitions(consumer, questions.name());
      List<TopicPartition> partitions = TopicReader.partitions(consumer, results.name());
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position); // seeking waits until it is asked for
      maxRecordBytes = TopicOptions.maxMessageBytes(options);
      producer =
          clients.producer(
              Map.of(
                  ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                  maxRecordBytes,
                  ProducerConfig.BUFFER_MEMORY_CONFIG,
                  2L * maxRecordBytes));
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /**
   * Asks about a text.
   *
   * @throws IllegalArgumentException where it cannot be asked; the message says why
   */
  void ask(Document row) {
    if (row.getDeleted()) {
      throw new IllegalArgumentException("the row is a delete; only texts can be checked");
    }
    String id = start(row.getId()) + " " + call + "-" + asked++;
    Document question =
        new Document(id, row.getText(), row.getPublishedAt(), row.getScope(), false);
    byte[] value = writer.value(questions.name(), question);
    byte[] key = Utils.utf8(id);
    int most = maxRecordBytes - TopicCatalogue.RECORD_OVERHEAD - key.length;
    if (value.length > most) {
      throw new IllegalArgumentException(
          "the text has " + value.length + " bytes as a record; at most " + most + " are taken");
    }
    sending.put(id, producer.send(new ProducerRecord<>(questions.name(), key, value)));
    rowIds.put(id, row.getId());
    characters += row.getText().length();
  }

  private static String start(String rowId) {
    int length = rowId.codePointCount(0, rowId.length());
    return rowId.substring(0, rowId.offsetByCodePoints(0, Math.min(length, START_CODE_POINTS)));
  }

  /**
   * Whether the answers should be waited for before more is asked, so that memory stays bounded.
   */
  boolean isFull() {
    return rowIds.size() >= MAX_OPEN || characters >= MAX_OPEN_CHARACTERS;
  }

  /**
   * Waits for the answers to what was asked since the last call.
   *
   * @param patience how long to wait, at most, from one answer to the next
   * @param refusals told the row's id and the cause where the broker did not take the question
   * @return under the ids of the rows, in the order in which they were asked, those left out that
   *     were refused; null for each that has no answer
   * @throws IllegalStateException where a question could not be sent, or an answer not be read
   */
  List<Verdict> await(Duration patience, BiConsumer<String, String> refusals)
      throws InterruptedException {
    for (Map.Entry<String, Future<RecordMetadata>> sent : sending.entrySet()) {
      try {
        sent.getValue().get();
      } catch (ExecutionException e) {
        String reason =
            "a text could not be sent to " + questions.name() + ": " + e.getCause().getMessage();
        if (!(e.getCause() instanceof RecordTooLargeException)) {
          throw new IllegalStateException(reason, e);
        }
        refusals.accept(rowIds.remove(sent.getKey()), reason);
      }
    }
    long last = System.nanoTime();
    while (answers.size() < rowIds.size() && System.nanoTime() - last < patience.toNanos()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (take(record)) {
          last = System.nanoTime();
        }
      }
    }
    List<Verdict> inOrder = new ArrayList<>(rowIds.size());
    rowIds.forEach(
        (id, rowId) -> {
          Verdict answer = answers.get(id);
          if (answer != null) {
            answer.setId(rowId);
          }
          inOrder.add(answer);
        });
    rowIds.clear();
    answers.clear();
    sending.clear();
    characters = 0;
    return inOrder;
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record) {
    String id = Utils.utf8(record.key());
    if (!rowIds.containsKey(id)) {
      return false;
    }
    try {
      answers.put(
          id, results.valueSerde().deserializer().deserialize(results.name(), record.value()));
    } catch (SerializationException e) {
      throw new IllegalStateException(
          "the answer cannot be read: "
              + e.getMessage()
              + "; "
              + TwinstreamConfig.SCHEMA_REGISTRY_URL
              + " must name the registry of the application, and mock:// is one process's own",
          e);
    }
    return true;
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
