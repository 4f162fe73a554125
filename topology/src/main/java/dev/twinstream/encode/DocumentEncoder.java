package dev.twinstream.encode;

import dev.twinstream.dedup.EventTime;
import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.lsh.Markup;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.model.EncodedText;
import dev.twinstream.model.EncoderClosedException;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.internal.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Batches of documents to encodings and their semantic bucket keys. Thread-safe. */
public final class DocumentEncoder {
  /**
   * What became of a document.
   *
   * @param arrival with its encoding, unless it is a delete
   * @param encoding null for a delete
   * @param failure null unless the document could not be encoded; then nothing else holds
   */
  public record Outcome(Arrival arrival, Encoding encoding, RuntimeException failure) {}

  /** What any encoder that works can encode. */
  private static final String CHECK = "a check";

  private final Function<List<String>, List<EncodedText>> encoder;
  private final String model;
  private final SemanticKeys semanticKeys;
  private final long maxFutureMillis;
  private final Markup markup;

  /** Markup is text. */
  public DocumentEncoder(
      Function<List<String>, List<EncodedText>> encoder,
      String model,
      SemanticKeys semanticKeys,
      long maxFutureMillis) {
    this(encoder, model, semanticKeys, maxFutureMillis, Markup.KEEP);
  }

  /**
   * @param encoder texts to encodings, one each, in order
   * @param model checksum of the bundle
   * @param maxFutureMillis event times further ahead of ingestion are clamped
   * @param markup what becomes of HTML and XML
   */
  public DocumentEncoder(
      Function<List<String>, List<EncodedText>> encoder,
      String model,
      SemanticKeys semanticKeys,
      long maxFutureMillis,
      Markup markup) {
    this.encoder = encoder;
    this.model = model;
    this.semanticKeys = semanticKeys;
    this.maxFutureMillis = maxFutureMillis;
    this.markup = markup;
  }

  /**
   * Encodes a batch. Where the batch fails, its documents are tried alone, so that only those fail
   * that are at fault.
   *
   * @return one a document, in order
   * @throws BrokenEncoderException where the encoder fails on whatever it is given
   */
  public List<Outcome> encode(List<Arrival> batch) {
    try {
      return outcomes(batch);
    } catch (EncoderClosedException e) {
      throw e; // the documents are not at fault: they wait for the next start
    } catch (RuntimeException e) {
      if (batch.size() == 1) {
        checkEncoder();
        return List.of(new Outcome(batch.get(0), null, e));
      }
      List<Outcome> alone = new ArrayList<>(batch.size());
      batch.forEach(arrival -> alone.addAll(encode(List.of(arrival))));
      return alone;
    }
  }

  /** An error of a GPU may stay: then every document fails, and none is at fault. */
  private void checkEncoder() {
    try {
      List<EncodedText> unused = encoder.apply(List.of(CHECK));
    } catch (EncoderClosedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BrokenEncoderException(e);
    }
  }

  private List<Outcome> outcomes(List<Arrival> batch) {
    List<String> texts = new ArrayList<>(batch.size());
    for (Arrival arrival : batch) {
      if (!arrival.getDocument().getDeleted()) {
        // Texts that deduplication takes for one have one encoding.
        texts.add(markup.normalize(arrival.getDocument().getText()));
      }
    }
    List<EncodedText> encoded = encoder.apply(texts);
    List<Outcome> outcomes = new ArrayList<>(batch.size());
    int next = 0;
    for (Arrival arrival : batch) {
      outcomes.add(
          arrival.getDocument().getDeleted()
              ? new Outcome(arrival, null, null)
              : outcome(arrival, encoded.get(next++)));
    }
    return outcomes;
  }

  private Outcome outcome(Arrival arrival, EncodedText text) {
    Document document = arrival.getDocument();
    List<Float> vector = new ArrayList<>(text.encoding().length);
    for (float component : text.encoding()) {
      vector.add(component);
    }
    short[] quantized = QuantizedEncoding.quantize(text.encoding());
    List<Long> keys = new ArrayList<>();
    // As deduplication computes them, which keeps encodings compressed.
    short[] kept = QuantizedEncoding.decompress(QuantizedEncoding.compress(quantized));
    for (long key : semanticKeys.keys(kept, BucketKeys.scope(document.getScope()))) {
      keys.add(key);
    }
    Encoding encoding =
        new Encoding(
            document.getId(),
            EventTime.of(arrival, maxFutureMillis).millis(),
            text.tokens(),
            text.truncated(),
            model,
            vector,
            keys);
    Arrival withEncoding =
        new Arrival(
            arrival.getIngestedAt(),
            document,
            QuantizedEncoding.pack(quantized),
            arrival.getQuestion(),
            arrival.getQuestion() ? null : encoding);
    return new Outcome(withEncoding, encoding, null);
  }
}
