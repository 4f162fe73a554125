package dev.twinstream.app;

import dev.twinstream.app.LoadCheckpoint.Place;
import dev.twinstream.app.io.BadRowHandler;
import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.app.io.JsonDocument;
import dev.twinstream.app.io.ProgressBar;
import dev.twinstream.lsh.Mixer;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.TopicCatalogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Sends documents to the documents topic, each with its id as key. Documents without {@code
 * published_at} are ordered as they come: their records' times grow by a millisecond each, from so
 * far behind now that they end before it. Where that does not fit into {@link #MOST_BEHIND_MS},
 * those of one millisecond are ordered by id.
 *
 * <p>After every so many documents it waits until all are acknowledged, then writes the checkpoint.
 * So a load that breaks off and is begun again loses none, and sends twice at most those that came
 * after the last checkpoint; the stream takes a document that comes twice unchanged for one.
 */
final class CorpusLoader {
  private static final String CHANGED =
      " are not those that were loaded: name another file with --checkpoint to load all of them,"
          + " which changes nothing for documents that the cluster has";

  /** The broker forgets a producer whose records' times are a day old. */
  static final long MOST_BEHIND_MS = Duration.ofHours(12).toMillis();

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final DocumentWriter writer;
  private final int maxRecordBytes;
  private final LoadCheckpoint checkpoint;
  private final int documentsACheckpoint;
  private final long expected;
  private final BadRows badRows;
  private final ProgressBar bar;
  private final Queue<String> tooLarge = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private long read;
  private long hash;
  private long sent;
  private long skipped;
  private long lastTime;

  /**
   * @param maxRecordBytes the topic's limit, in bytes of key, value and framing
   * @param documentsACheckpoint documents between two checkpoints, at least 1
   * @param expected documents of all inputs together, about
   */
  CorpusLoader(
      Producer<byte[], byte[]> producer,
      String topic,
      DocumentWriter writer,
      int maxRecordBytes,
      LoadCheckpoint checkpoint,
      int documentsACheckpoint,
      long expected,
      BadRows badRows,
      ProgressBar bar) {
    this.producer = producer;
    this.topic = topic;
    this.writer = writer;
    this.maxRecordBytes = maxRecordBytes;
    this.checkpoint = checkpoint;
    this.documentsACheckpoint = documentsACheckpoint;
    this.expected = expected;
    long behind = Math.min(MOST_BEHIND_MS, 2 * expected); // the number is an estimate
    this.lastTime = Math.max(checkpoint.time(), System.currentTimeMillis() - behind);
    this.badRows = badRows;
    this.bar = bar;
  }

  /** Documents sent and acknowledged. */
  long sent() {
    return sent;
  }

  /** Documents that earlier loads had dealt with. */
  long skipped() {
    return skipped;
  }

  /**
   * Sends one input's documents.
   *
   * @throws IOException where the input cannot be read or the cluster refuses
   */
  void load(String input) throws IOException {
    Place loaded = checkpoint.loaded(input);
    long already = loaded.documents();
    read = 0;
    hash = 0;
    BadRowHandler news =
        new BadRowHandler() {
          @Override
          public void badRow(String file, long line, String reason) {
            if (read >= already) { // the earlier load has named those before
              badRows.badRow(file, line, reason);
            }
          }

          @Override
          public void brokenInput(String file, long line, String reason) {
            badRows.brokenInput(file, line, reason);
          }
        };
    try (DocumentReader reader = DocumentReader.open(input, news)) {
      for (Document row = reader.next(); row != null; row = reader.next()) {
        read++;
        hash = Mixer.hash(hash, JsonDocument.write(row));
        if (read <= already) {
          skipped++;
          if (read == already && hash != loaded.hash()) {
            throw new IllegalArgumentException(
                "the first " + already + " documents of " + input + CHANGED);
          }
          continue;
        }
        send(row, reader.position());
        bar.update(sent, Math.max(sent, expected - skipped));
        if ((read - already) % documentsACheckpoint == 0) {
          settle(input);
        }
      }
    }
    if (read > already) {
      settle(input);
    } else if (read < already) {
      throw new IllegalArgumentException(
          "the first "
              + already
              + " documents of "
              + input
              + CHANGED
              + "; it has "
              + read
              + " now");
    }
  }

  private void send(Document row, String position) throws IOException {
    byte[] key = row.getId().getBytes(StandardCharsets.UTF_8);
    byte[] value;
    try {
      value = writer.value(topic, row);
    } catch (IllegalArgumentException e) {
      badRows.badRow(position, 0, e.getMessage());
      return;
    }
    long size = (long) key.length + (value == null ? 0 : value.length);
    if (size + TopicCatalogue.RECORD_OVERHEAD > maxRecordBytes) {
      badRows.badRow(position, 0, tooLarge(row.getId(), size));
      return;
    }
    long now = System.currentTimeMillis();
    if (row.getPublishedAt() == null) {
      lastTime = Math.max(lastTime, Math.min(lastTime + 1, now));
    }
    // How far ahead a published time is, is told from the record's.
    long time = row.getPublishedAt() == null ? lastTime : now;
    sent++;
    producer.send(
        new ProducerRecord<>(topic, null, time, key, value),
        (metadata, error) -> {
          if (error instanceof RecordTooLargeException) {
            tooLarge.add(position + ": " + tooLarge(row.getId(), size));
          } else if (error != null) {
            failure.compareAndSet(null, error);
          }
        });
    rethrow();
  }

  private String tooLarge(String id, long size) {
    return "document "
        + id
        + " has "
        + size
        + " bytes; the topic "
        + topic
        + " takes "
        + Math.max(0, maxRecordBytes - TopicCatalogue.RECORD_OVERHEAD)
        + ": raise its max.message.bytes, or shorten the document";
  }

  private void settle(String input) throws IOException {
    producer.flush();
    rethrow();
    for (String refused = tooLarge.poll(); refused != null; refused = tooLarge.poll()) {
      badRows.badRow(refused, 0, "the broker refused it");
      sent--;
    }
    checkpoint.save(input, new Place(read, hash), lastTime);
  }

  private void rethrow() throws IOException {
    if (failure.get() != null) {
      throw new IOException(
          "a document could not be sent: "
              + failure.get().getMessage()
              + "; the same command goes on from the last checkpoint",
          failure.get());
    }
  }
}
