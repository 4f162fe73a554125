package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.lsh.BBitSignature;
import dev.twinstream.schemas.internal.PartSketch;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Signatures in memory. */
class SignatureCacheTest {
  private static final int COMPONENTS = 101;
  private final Random random = new Random(4);

  private Sketch sketch(PartSketch parts) {
    byte[] signature = new byte[60];
    random.nextBytes(signature);
    return new Sketch(
        (long) random.nextInt(3),
        0L,
        1 + random.nextInt(9),
        ByteBuffer.wrap(signature),
        null,
        parts);
  }

  @Test
  void shouldGiveBackWhatWasPutLastAndNothingElse() {
    SignatureCache cache = new SignatureCache(COMPONENTS, 1 << 20);
    Map<Long, Sketch> expected = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      long address = random.nextInt(2_000) * 0x1_0001L;
      if (random.nextInt(4) == 0) {
        cache.remove(address);
        expected.remove(address);
      } else {
        Sketch sketch = sketch(null);
        cache.put(address, sketch);
        expected.put(address, sketch);
      }
    }
    Sketch other = sketch(null);
    int kept = 0;
    for (long address = 0; address < 2_000 * 0x1_0001L; address += 0x1_0001L) {
      int place = cache.find(address);
      Sketch sketch = expected.get(address);
      if (place < 0) {
        continue;
      }
      kept++;
      assertThat(sketch).as("what was removed").isNotNull();
      assertThat(cache.scope(place)).isEqualTo(sketch.getScope());
      int matches = BBitSignature.matches(sketch.getSignature(), other.getSignature(), COMPONENTS);
      assertThat(cache.evidence(place, other))
          .isEqualTo(
              new Evidence(
                  matches, COMPONENTS, sketch.getShingles(), other.getShingles(), null, null));
    }
    assertThat(kept).isEqualTo(cache.used()).isGreaterThan(expected.size() * 95 / 100);
  }

  @Test
  void shouldKeepToItsLimit() {
    SignatureCache cache = new SignatureCache(COMPONENTS, 1000 * (51 + 20));
    for (long address = 0; address < 10_000; address++) {
      cache.put(address, sketch(null));
    }
    assertThat(cache.places()).isEqualTo(1000);
    assertThat(cache.used()).isBetween(990, 1000);
    assertThat(cache.find(9_999)).isNotNegative();
    SignatureCache none = new SignatureCache(COMPONENTS, 283);
    none.put(1, sketch(null));
    assertThat(none.find(1)).isNegative();
  }

  @Test
  void shouldLeaveToTheStoreWhatNeedsMoreThanASignature() {
    SignatureCache cache = new SignatureCache(COMPONENTS, 1 << 20);
    ByteBuffer bytes = ByteBuffer.allocate(1);
    cache.put(1, sketch(new PartSketch(bytes, bytes)));
    assertThat(cache.find(1)).isNegative();
  }
}
