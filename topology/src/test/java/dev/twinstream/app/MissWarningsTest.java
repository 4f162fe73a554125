package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.lsh.Banding;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.model.Bundle;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A start says when its keys miss more than one pair in ten at the threshold. */
class MissWarningsTest {
  private static TwinstreamConfig config(String... settings) {
    Map<String, String> map = new HashMap<>(Map.of("bootstrap.servers", "localhost:1"));
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    return new TwinstreamConfig(map);
  }

  @Test
  void shouldNotWarnOfTheDefaults() {
    TwinstreamConfig config = config();
    Banding banding =
        Banding.forThreshold(
            config.dedup().threshold(),
            config.dedup().permutations(),
            config.dedup().mostBands(),
            config.dedup().falsePositiveWeight(),
            config.dedup().falseNegativeWeight());
    assertThat(banding).isEqualTo(new Banding(20, 2));
    assertThat(MissWarnings.lexical(banding, config.dedup().threshold())).isEmpty();
    SemanticKeys keys = EncoderService.semanticKeys(config, Bundle.builtIn());
    assertThat(MissWarnings.semantic(keys, config.getDouble(SemanticOptions.THRESHOLD))).isEmpty();
  }

  @Test
  void shouldNameTheShareThresholdAndRemedy() {
    assertThat(MissWarnings.lexical(new Banding(20, 2), 0.2).orElseThrow())
        .startsWith("20 lexical bands of 2 rows bring together only 0.56 of the texts")
        .contains("similarity is 0.2 (lexical.threshold): raise lexical.bands.max");
    SemanticKeys keys =
        EncoderService.semanticKeys(config("semantic.probes", "0"), Bundle.builtIn());
    assertThat(keys.recall(0.88)).isBetween(0.3, 0.7);
    assertThat(MissWarnings.semantic(keys, 0.88).orElseThrow())
        .contains("cosine after centring is 0.88 (semantic.threshold): raise semantic.probes");
  }
}
