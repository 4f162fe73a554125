package dev.twinstream.app;

import dev.twinstream.encode.DocumentEncoder;
import dev.twinstream.lsh.Centring;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.model.Bundle;
import dev.twinstream.model.Encoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured model, opened once for all stream threads. */
final class EncoderService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EncoderService.class);

  private final TwinstreamConfig config;
  private final int maxTokens;
  private final Encoder encoder;
  private final SemanticKeys semanticKeys;
  private final DocumentEncoder documents;

  /** Opens the bundle that the configuration names; it must name one. */
  EncoderService(TwinstreamConfig config) {
    this.config = config;
    Bundle bundle = bundle(config);
    int wanted = config.getInt(TwinstreamConfig.MAX_TOKENS);
    // The default gives way to a model that takes less; a user's own value is an error then.
    maxTokens =
        config.originals().containsKey(TwinstreamConfig.MAX_TOKENS)
            ? wanted
            : Math.min(wanted, bundle.maxTokens());
    encoder =
        new Encoder(
            bundle,
            new Encoder.Options(
                maxTokens,
                config.getInt(TwinstreamConfig.BATCH_TOKENS),
                config.getInt(TwinstreamConfig.ENCODER_THREADS),
                config.getInt(TwinstreamConfig.ENCODER_ROUNDS),
                config.encoderProvider()));
    semanticKeys = semanticKeys(config, bundle);
    documents =
        new DocumentEncoder(
            encoder::encode,
            bundle.checksum(),
            semanticKeys,
            config.getLong(TwinstreamConfig.MAX_FUTURE_MS),
            TextOptions.markup(config));
  }

  /**
   * The model that the configuration names.
   *
   * @throws dev.twinstream.model.ModelException if there is none, or it is damaged
   */
  static Bundle bundle(TwinstreamConfig config) {
    String name = config.getString(TwinstreamConfig.BUNDLE);
    return name.equals(TwinstreamConfig.BUILT_IN) ? Bundle.builtIn() : Bundle.load(Path.of(name));
  }

  /**
   * The keys that the configuration asks for, of encodings of a bundle. Both applications make
   * them, from one bundle.
   */
  static SemanticKeys semanticKeys(TwinstreamConfig config, Bundle bundle) {
    Centring centring = null;
    if (bundle.centring() == null) {
      LOG.warn(
          "the bundle {} has no {}: its encodings crowd together uncentred, so that semantic"
              + " buckets are larger and find less; make one with lsh fit",
          bundle.name(),
          Bundle.CENTRING);
    } else {
      centring = Centring.fromBytes(ByteBuffer.wrap(bundle.centring()));
    }
    SemanticKeys keys =
        SemanticKeys.of(
            SemanticOptions.of(config), bundle.encodingSize(), centring, bundle.epoch());
    if (config.hasSemanticKeys()) {
      MissWarnings.semantic(keys, config.getDouble(SemanticOptions.THRESHOLD)).ifPresent(LOG::warn);
    }
    return keys;
  }

  /**
   * What encodings depend on: the bundle's checksum, and the rounds of hashing where not its own.
   */
  String fingerprint() {
    int rounds = config.getInt(TwinstreamConfig.ENCODER_ROUNDS);
    return encoder.bundle().checksum() + (rounds == 0 ? "" : "/" + rounds + "-rounds");
  }

  SemanticKeys semanticKeys() {
    return semanticKeys;
  }

  Encoder encoder() {
    return encoder;
  }

  DocumentEncoder documents() {
    return documents;
  }

  /**
   * What a transaction of the encoder may take: three times the time of the longest step in each
   * partition, as one transaction may hold one or two of each, and all share the session's threads.
   * A step is a batch and the document that fills it up; a batch is measured, which warms the
   * session up, too.
   */
  long timeoutMillis() {
    int batch = config.getInt(TwinstreamConfig.BATCH_TOKENS);
    int rows = (batch + maxTokens - 1) / maxTokens;
    double steps =
        (double) (batch + maxTokens)
            / (rows * (long) maxTokens)
            * config.getInt(TwinstreamConfig.PARTITIONS);
    // No tokenizer makes fewer tokens than words of this.
    String longest = "word ".repeat(maxTokens);
    long started = System.nanoTime();
    encoder.encode(Collections.nCopies(rows, longest));
    return Math.round(3 * steps * (System.nanoTime() - started) / 1e6);
  }

  @Override
  public void close() {
    encoder.close();
  }
}
