package dev.twinstream.encode;

import dev.twinstream.encode.DocumentEncoder.Outcome;
import dev.twinstream.model.EncoderClosedException;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.PendingArrival;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes the batches of a partition, and finds out the document that ends the process with it: a
 * fault in native code, or memory that runs out, leaves nothing to catch. What is about to be
 * encoded is written down first. What a process finds written down, and has to encode again, it
 * encodes one at a time; and what has been the last thing written {@link Tries#MOST} times is
 * refused.
 */
final class CarefulEncoder {
  private final DocumentEncoder encoder;
  private final TriesLog log;
  private final int partition;
  private final Tries tries;

  CarefulEncoder(DocumentEncoder encoder, TriesLog log, int partition) {
    this.encoder = encoder;
    this.log = log;
    this.partition = partition;
    this.tries = new Tries(log.last(partition));
  }

  /**
   * @return one a document, in order
   */
  List<Outcome> encode(List<PendingArrival> batch) {
    if (batch.isEmpty()) {
      return List.of();
    }
    tries.forgetBefore(batch.get(0).getOffset());
    Outcome[] outcomes = new Outcome[batch.size()];
    List<Integer> together = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      int before = tries.of(batch.get(i).getOffset());
      if (before >= Tries.MOST) {
        outcomes[i] = refused(batch.get(i).getArrival());
      } else if (before > 0) {
        encode(batch, List.of(i), outcomes);
      } else {
        together.add(i);
      }
    }
    encode(batch, together, outcomes);
    return Arrays.asList(outcomes);
  }

  private void encode(List<PendingArrival> batch, List<Integer> places, Outcome[] outcomes) {
    List<Arrival> arrivals = new ArrayList<>(places.size());
    List<Long> offsets = new ArrayList<>(places.size());
    for (int place : places) {
      PendingArrival pending = batch.get(place);
      arrivals.add(pending.getArrival());
      if (!pending.getArrival().getDocument().getDeleted()) {
        offsets.add(pending.getOffset());
      }
    }
    if (!offsets.isEmpty()) {
      log.write(partition, tries.begin(offsets));
    }
    List<Outcome> encoded;
    try {
      encoded = encoder.encode(arrivals);
    } catch (EncoderClosedException e) {
      takeBack(offsets, e);
      throw e;
    }
    tries.finished(offsets);
    if (!offsets.isEmpty()) {
      log.finished(partition, tries.left());
    }
    for (int i = 0; i < places.size(); i++) {
      outcomes[places.get(i)] = encoded.get(i);
    }
  }

  /** The encoder has ended before it began these: that is no death. */
  private void takeBack(List<Long> offsets, EncoderClosedException closed) {
    try {
      if (!offsets.isEmpty()) {
        log.write(partition, tries.takeBack(offsets));
      }
    } catch (RuntimeException e) {
      closed.addSuppressed(e); // then one of the three tries is lost
    }
  }

  private static Outcome refused(Arrival arrival) {
    return new Outcome(
        arrival,
        null,
        new IllegalStateException(
            "the process has ended "
                + Tries.MOST
                + " times while this document was encoded; it is left out, so that the others go"
                + " on"));
  }
}
