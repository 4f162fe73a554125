package dev.twinstream.app;

import dev.twinstream.dedup.DeadLetters;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.TopicNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * Sends dead letters' originals back to where they came from, each once.
 *
 * <p>What was replayed is remembered in a compacted topic by its source topic, partition and
 * offset. The original and that note go out in one transaction: after a crash both are there or
 * neither is, so the next replay neither loses a letter nor sends it twice. A document that is
 * refused again is a new dead letter, of a new offset, and may be replayed in its turn.
 */
final class DeadLetterReplay {
  /** Letters sent in one transaction. */
  private static final int LETTERS_A_TRANSACTION = 500;

  private final TopicNames topics;
  private final int partitions;
  private final String notesTopic;
  private final Set<String> replayed = new HashSet<>();
  private int inTransaction;

  /**
   * @param topics their documents topic is the only one that originals go back to
   * @param partitions how many that has
   * @param notesTopic compacted topic that remembers what was replayed
   */
  DeadLetterReplay(TopicNames topics, int partitions, String notesTopic) {
    this.topics = topics;
    this.partitions = partitions;
    this.notesTopic = notesTopic;
  }

  /** Reads what earlier replays have sent. */
  void remember(KafkaConsumer<byte[], byte[]> consumer) {
    TopicReader.forEach(consumer, notesTopic, note -> replayed.add(Utils.utf8(note.key())));
  }

  /** Whether this letter's original has been sent back. */
  boolean isReplayed(DeadLetter letter) {
    return replayed.contains(source(letter));
  }

  /** Why the original cannot be sent back; empty where it can. */
  Optional<String> obstacle(DeadLetter letter) {
    if (letter.getSourceTopic().equals(topics.pairMarks())) {
      return Optional.of(
          "it is the mark of a pair, no document: send the mark to "
              + topics.pairMarks()
              + " again once it is right, or use ./twinstream mark");
    }
    if (letter.getSourceTopic().equals(topics.questions())) {
      return Optional.of(
          "it is a text to look up, no document: ask again once it is right, or use"
              + " ./twinstream check");
    }
    if (!letter.getSourceTopic().equals(topics.documents())) {
      return Optional.of(
          "it comes from "
              + letter.getSourceTopic()
              + ", whose letters keep the text alone: send the document to "
              + topics.documents()
              + " again");
    }
    int kept = letter.getOriginal() == null ? 0 : letter.getOriginal().remaining();
    if (kept < letter.getOriginalSize()) {
      return Optional.of(
          "only the first "
              + kept
              + " of its "
              + letter.getOriginalSize()
              + " bytes are kept: send the document again");
    }
    if (letter.getOriginalKey() != null
        && letter.getOriginalKey().remaining() >= DeadLetters.MAX_ORIGINAL_BYTES) {
      return Optional.of("its key may be cut: send the document again");
    }
    return Optional.empty();
  }

  /**
   * Sends one original back, to the partition that it came from where there is such a one. What is
   * sent counts with the {@link #commit} after it.
   *
   * @param producer transactional, initialised
   */
  void replay(Producer<byte[], byte[]> producer, DeadLetter letter) {
    if (inTransaction == 0) {
      producer.beginTransaction();
    }
    Integer partition =
        letter.getSourcePartition() < partitions ? (Integer) letter.getSourcePartition() : null;
    producer.send(
        new ProducerRecord<>(
            topics.documents(),
            partition,
            bytes(letter.getOriginalKey()),
            bytes(letter.getOriginal())));
    producer.send(
        new ProducerRecord<>(
            notesTopic, source(letter).getBytes(StandardCharsets.UTF_8), new byte[] {1}));
    replayed.add(source(letter));
    inTransaction++;
    if (inTransaction == LETTERS_A_TRANSACTION) {
      commit(producer);
    }
  }

  /** Makes everything sent so far final. */
  void commit(Producer<byte[], byte[]> producer) {
    if (inTransaction > 0) {
      producer.commitTransaction();
      inTransaction = 0;
    }
  }

  private static String source(DeadLetter letter) {
    return String.join(
        " ",
        List.of(
            letter.getSourceTopic(),
            Integer.toString(letter.getSourcePartition()),
            Long.toString(letter.getSourceOffset())));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    return buffer == null ? null : Utils.toArray(buffer.duplicate());
  }
}
