package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.internal.Arrival;
import org.junit.jupiter.api.Test;

/** When a document happened. */
class EventTimeTest {
  private static final long INGESTED = 1_700_000_000_000L;

  private static EventTime of(Long published, long maxFuture) {
    return EventTime.of(
        new Arrival(INGESTED, new Document("a", "text", published, null, false), null, false, null),
        maxFuture);
  }

  @Test
  void shouldTakeThePublicationUnlessItLiesTooFarAhead() {
    assertThat(of(null, 10)).isEqualTo(new EventTime(INGESTED, false));
    assertThat(of(-5L, 10)).isEqualTo(new EventTime(-5, false));
    assertThat(of(INGESTED + 10, 10)).isEqualTo(new EventTime(INGESTED + 10, false));
    assertThat(of(INGESTED + 11, 10)).isEqualTo(new EventTime(INGESTED + 10, true));
  }

  @Test
  void shouldTakeTheGreatestLimitForNone() {
    assertThat(of(INGESTED + 11, Long.MAX_VALUE)).isEqualTo(new EventTime(INGESTED + 11, false));
    assertThat(of(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(new EventTime(Long.MAX_VALUE, false));
  }
}
