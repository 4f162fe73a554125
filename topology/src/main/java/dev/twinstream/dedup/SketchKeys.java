package dev.twinstream.dedup;

import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.lsh.PartSketcher;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Bucket keys of a sketch's sides: its signature's bands, its encoding's tables, and its
 * fingerprints.
 */
public final class SketchKeys implements ContentKeys {
  /** Keys that a verdict names: links are stored, and near copies share most of their keys. */
  private static final int MOST_SHARED = 3;

  private final LexicalSketcher lexicalOrNull;
  private final SemanticKeys semanticOrNull;
  private final PartSketcher partsOrNull;

  /**
   * @param lexicalOrNull null leaves the lexical keys out
   * @param semanticOrNull null leaves the semantic keys out
   * @param partsOrNull null leaves the fingerprints out
   */
  public SketchKeys(
      LexicalSketcher lexicalOrNull, SemanticKeys semanticOrNull, PartSketcher partsOrNull) {
    this.lexicalOrNull = lexicalOrNull;
    this.semanticOrNull = semanticOrNull;
    this.partsOrNull = partsOrNull;
  }

  @Override
  public long[] keys(Sketch sketch) {
    return Stream.of(lexical(sketch), semantic(sketch), fingerprints(sketch))
        .flatMapToLong(keys -> keys)
        .toArray();
  }

  private LongStream lexical(Sketch sketch) {
    if (lexicalOrNull == null || sketch.getShingles() == 0) {
      return LongStream.empty();
    }
    ByteBuffer signature = sketch.getSignature();
    byte[] bytes = new byte[signature.remaining()];
    signature.duplicate().get(bytes);
    return LongStream.of(lexicalOrNull.keys(bytes, sketch.getScope()));
  }

  private LongStream semantic(Sketch sketch) {
    if (semanticOrNull == null || sketch.getEncoding() == null) {
      return LongStream.empty();
    }
    short[] encoding = QuantizedEncoding.decompress(sketch.getEncoding());
    return LongStream.of(semanticOrNull.keys(encoding, sketch.getScope()));
  }

  private LongStream fingerprints(Sketch sketch) {
    return partsOrNull == null || sketch.getParts() == null
        ? LongStream.empty()
        : LongStream.of(partsOrNull.keys(sketch.getParts().getFingerprints(), sketch.getScope()));
  }

  @Override
  public List<Long> shared(Sketch stored, Sketch newcomer) {
    List<Long> lexical = common(lexical(stored), lexical(newcomer));
    if (!lexical.isEmpty()) {
      return lexical;
    }
    List<Long> semantic = common(semantic(stored), LongStream.of(semanticLooked(newcomer)));
    return semantic.isEmpty()
        ? common(fingerprints(stored), fingerprints(newcomer)).stream().limit(MOST_SHARED).toList()
        : semantic;
  }

  private static List<Long> common(LongStream stored, LongStream lookedUnder) {
    Set<Long> keys = stored.boxed().collect(Collectors.toSet());
    return lookedUnder.filter(keys::contains).limit(MOST_SHARED).boxed().toList();
  }

  /** The encoding is projected once, for its own keys and for its probes. */
  @Override
  public Looked looked(Sketch sketch) {
    long[] semantic = semanticLooked(sketch);
    int own = Math.min(semantic.length, semanticOrNull == null ? 0 : semanticOrNull.tables());
    long[] keys =
        Stream.of(lexical(sketch), LongStream.of(semantic).limit(own), fingerprints(sketch))
            .flatMapToLong(each -> each)
            .toArray();
    return new Looked(keys, Arrays.copyOfRange(semantic, own, semantic.length));
  }

  /** Own keys first, then probes. */
  private long[] semanticLooked(Sketch sketch) {
    return semanticOrNull == null || sketch.getEncoding() == null
        ? new long[0]
        : semanticOrNull.probes(
            QuantizedEncoding.decompress(sketch.getEncoding()), sketch.getScope());
  }
}
