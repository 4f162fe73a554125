package dev.twinstream.app;

import dev.twinstream.dedup.DeadLetters;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.TopicNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
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
  /** Letters sent in one transaction: few enough that it ends well before its timeout. */
  private static final int LETTERS_A_TRANSACTION = 500;

  /** Bytes of originals at which fewer letters fill one. */
  private static final long BYTES_A_TRANSACTION = 16L * 1024 * 1024;

  /** A letter with the headers of its record, which are the original's. */
  record Refused(DeadLetter letter, Headers headers) {
    /** What a user should know of a replay; empty where all goes back. */
    String loss() {
      Header bytes = headers.lastHeader(DeadLetters.HEADERS_LEFT_OUT);
      return bytes == null
          ? ""
          : "\twithout its headers: their " + Utils.utf8(bytes.value()) + " bytes were not kept";
    }
  }

  private final TopicNames topics;
  private final int partitions;
  private final String notesTopic;
  private final Set<String> replayed = new HashSet<>();
  private final List<Refused> unsent = new ArrayList<>();
  private long unsentBytes;

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
   * Keeps a letter for the next {@link #send}. No transaction is open meanwhile: to find the next
   * letter may take longer than one may last.
   *
   * @return whether it is time to send
   */
  boolean keep(Refused refused) {
    DeadLetter letter = refused.letter();
    unsent.add(refused);
    unsentBytes += letter.getOriginalSize();
    pass(letter);
    return unsent.size() == LETTERS_A_TRANSACTION || unsentBytes >= BYTES_A_TRANSACTION;
  }

  /** Counts it among those that were replayed. */
  void pass(DeadLetter letter) {
    replayed.add(source(letter));
  }

  /**
   * Sends the originals of what is kept back, in one transaction.
   *
   * @param producer transactional, initialised
   * @return what was sent, once that is final
   */
  List<Refused> send(Producer<byte[], byte[]> producer) {
    if (unsent.isEmpty()) {
      return List.of();
    }
    producer.beginTransaction();
    unsent.forEach(refused -> send(producer, refused));
    producer.commitTransaction();
    List<Refused> sent = List.copyOf(unsent);
    unsent.clear();
    unsentBytes = 0;
    return sent;
  }

  /** To the partition that it came from where there is such a one. */
  void send(Producer<byte[], byte[]> producer, Refused refused) {
    DeadLetter letter = refused.letter();
    Integer partition =
        letter.getSourcePartition() < partitions ? (Integer) letter.getSourcePartition() : null;
    producer.send(
        new ProducerRecord<>(
            topics.documents(),
            partition,
            bytes(letter.getOriginalKey()),
            bytes(letter.getOriginal()),
            refused.loss().isEmpty() ? refused.headers() : List.of()));
    producer.send(
        new ProducerRecord<>(
            notesTopic, source(letter).getBytes(StandardCharsets.UTF_8), new byte[] {1}));
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
