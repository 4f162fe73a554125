package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.TopicNames;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Which originals can be sent back, and what to do about the others. */
class DeadLetterReplayTest {
  private final DeadLetterReplay replay =
      new DeadLetterReplay(TopicNames.standard("documents"), 1, "notes");

  private static DeadLetter letter(String topic) {
    return new DeadLetter(topic, 0, 0L, "refused", null, ByteBuffer.wrap(new byte[3]), 3L);
  }

  @Test
  void shouldSayWhatTheOriginalIsWhereItCannotBeReplayed() {
    assertThat(replay.obstacle(letter("documents"))).isEmpty();
    assertThat(replay.obstacle(letter("pair-marks")).orElseThrow())
        .startsWith("it is the mark of a pair, no document: send the mark to pair-marks again");
    assertThat(replay.obstacle(letter("checks")).orElseThrow())
        .startsWith("it is a text to look up, no document: ask again");
    assertThat(replay.obstacle(letter("twinstream-documents-by-id")).orElseThrow())
        .endsWith("whose letters keep the text alone: send the document to documents again");
  }
}
