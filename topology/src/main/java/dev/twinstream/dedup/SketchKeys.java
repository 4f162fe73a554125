package dev.twinstream.dedup;

import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Bucket keys of a sketch's two sides: its signature's bands, and its encoding's tables. */
public final class SketchKeys implements ContentKeys {
  /** Keys that a verdict names: links are stored, and near copies share most of their keys. */
  private static final int MOST_SHARED = 3;

  private final LexicalSketcher lexicalOrNull;
  private final SemanticKeys semanticOrNull;

  /**
   * @param lexicalOrNull null leaves the lexical keys out
   * @param semanticOrNull null leaves the semantic keys out
   */
  public SketchKeys(LexicalSketcher lexicalOrNull, SemanticKeys semanticOrNull) {
    this.lexicalOrNull = lexicalOrNull;
    this.semanticOrNull = semanticOrNull;
  }

  @Override
  public long[] keys(Sketch sketch) {
    return LongStream.concat(lexical(sketch), semantic(sketch)).toArray();
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

  @Override
  public List<Long> shared(Sketch stored, Sketch newcomer) {
    List<Long> lexical = common(lexical(stored), lexical(newcomer));
    return lexical.isEmpty()
        ? common(
            semantic(stored),
            LongStream.concat(semantic(newcomer), LongStream.of(probes(newcomer))))
        : lexical;
  }

  private static List<Long> common(LongStream stored, LongStream lookedUnder) {
    Set<Long> keys = stored.boxed().collect(Collectors.toSet());
    return lookedUnder.filter(keys::contains).limit(MOST_SHARED).boxed().toList();
  }

  @Override
  public long[] probes(Sketch sketch) {
    if (semanticOrNull == null || sketch.getEncoding() == null) {
      return new long[0];
    }
    short[] encoding = QuantizedEncoding.decompress(sketch.getEncoding());
    long[] all = semanticOrNull.probes(encoding, sketch.getScope());
    int own = (int) semantic(sketch).count();
    return Arrays.copyOfRange(all, own, all.length);
  }
}
