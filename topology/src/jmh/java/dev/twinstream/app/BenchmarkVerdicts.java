package dev.twinstream.app;

import dev.twinstream.evaluate.CopyKind;
import dev.twinstream.evaluate.MadeUpStream;
import dev.twinstream.evaluate.MadeUpStream.Truth;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads verdicts in a thread of its own, and keeps of each document the number of the one last
 * named as its twin: 4 bytes. What it should have been is asked of the stream at the end.
 */
final class BenchmarkVerdicts implements AutoCloseable {
  private static final int NONE_YET = -2;
  private static final int UNIQUE = -1;

  /** Magic byte and schema id. */
  private static final int REGISTRY_HEADER = 5;

  private final int[] named;
  private final long[] decidedAt;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread = new Thread(this::read, "verdicts");
  private volatile boolean closed;
  private volatile RuntimeException failure;
  private int decided;
  private long revisions;

  /**
   * @param consumer reads committed records; this class closes it
   * @param documents that the stream has at most
   */
  BenchmarkVerdicts(KafkaConsumer<byte[], byte[]> consumer, int documents) {
    this.consumer = consumer;
    named = new int[documents];
    Arrays.fill(named, NONE_YET);
    decidedAt = new long[documents];
    List<TopicPartition> partitions =
        consumer.partitionsFor("near-duplicates").stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread.start();
  }

  private void read() {
    try {
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
          if (record.value() != null) {
            take(record);
          }
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      consumer.close();
    }
  }

  /** The application's mock registry is its own process's: the schema is known here anyway. */
  private void take(ConsumerRecord<byte[], byte[]> record) {
    byte[] body = Arrays.copyOfRange(record.value(), REGISTRY_HEADER, record.value().length);
    Verdict verdict =
        new BinaryAvroSerde<>(Verdict.class).deserializer().deserialize(record.topic(), body);
    int number = MadeUpStream.numberOf(Utils.utf8(record.key()));
    String twin = verdict.getDuplicateOf();
    synchronized (this) {
      if (named[number] == NONE_YET) {
        decidedAt[number] = System.nanoTime();
        decided++;
      } else {
        revisions++;
      }
      named[number] = twin == null ? UNIQUE : MadeUpStream.numberOf(twin);
    }
  }

  /** Documents that have a verdict. */
  int decided() {
    if (failure != null) {
      throw new IllegalStateException("verdicts cannot be read: " + failure.getMessage(), failure);
    }
    synchronized (this) {
      return decided;
    }
  }

  /** Verdicts beyond the first of each document. */
  synchronized long revisions() {
    return revisions;
  }

  /** When a document's first verdict came, as {@link System#nanoTime}. */
  synchronized long decidedAt(int number) {
    return decidedAt[number];
  }

  /** When so many of the first {@code documents} documents had a verdict. */
  synchronized long[] timesInOrder(int documents) {
    long[] times = Arrays.copyOf(decidedAt, documents);
    Arrays.sort(times);
    return times;
  }

  /**
   * What became of some documents.
   *
   * @param named those given a twin
   * @param right those given a twin of the same base
   */
  record Count(int documents, int named, int right) {
    Count plus(Count other) {
      return new Count(documents + other.documents, named + other.named, right + other.right);
    }

    /** Share of all that were given a right twin. */
    double recall() {
      return documents == 0 ? 1 : (double) right / documents;
    }

    /** Share of those given a twin whose twin is right. */
    double precision() {
      return named == 0 ? 1 : (double) right / named;
    }
  }

  /** What became of the first {@code documents} documents, by kind. */
  synchronized Map<CopyKind, Count> count(MadeUpStream stream, int documents) {
    Map<CopyKind, Count> counts = new EnumMap<>(CopyKind.class);
    for (int i = 0; i < documents; i++) {
      Truth truth = stream.truth(i);
      boolean hasTwin = named[i] >= 0;
      boolean right = hasTwin && stream.truth(named[i]).base() == truth.base();
      counts.merge(truth.kind(), new Count(1, hasTwin ? 1 : 0, right ? 1 : 0), Count::plus);
    }
    return counts;
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
  }
}
