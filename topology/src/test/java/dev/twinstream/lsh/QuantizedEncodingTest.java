package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Encodings as they are kept: 6 bits a component, and the largest. */
class QuantizedEncodingTest {
  private static short[] encoding(int size, Random random) {
    short[] encoding = new short[size];
    for (int i = 0; i < size; i++) {
      encoding[i] = (short) (random.nextGaussian() * 2000);
    }
    return encoding;
  }

  @Test
  void shouldKeepEverySizeWithinHalfAStep() {
    Random random = new Random(1);
    for (int size = 0; size <= 40; size++) {
      short[] encoding = encoding(size, random);
      int largest = 0;
      for (short component : encoding) {
        largest = Math.max(largest, Math.abs(component));
      }
      ByteBuffer kept = QuantizedEncoding.compress(encoding);
      assertThat(kept.remaining()).isEqualTo((size * 6 + 7) / 8 + 2);
      short[] back = QuantizedEncoding.decompress(kept);
      assertThat(back).hasSize(size);
      for (int i = 0; i < size; i++) {
        // Half of the widest step, from 30^2 to 31^2 of 31^2.
        assertThat((double) back[i]).isCloseTo(encoding[i], within(largest * 30.5 / 961 + 1));
      }
    }
  }

  @Test
  void shouldKeepItsAnswers() {
    ByteBuffer kept = QuantizedEncoding.compress(new short[] {-300, 0, 20, 300});
    // 20 / 300 is nearest to 64 / 961. Levels -31, 0, 8 and 31, from 0 up: 000000 011111 100111
    // 111110; 300 is 0x012C.
    assertThat(kept.array()).containsExactly(0b00000001, 0b11111001, 0b11111110, 1, 0x2C);
    assertThat(QuantizedEncoding.decompress(kept)).containsExactly(-300, 0, 20, 300);
  }

  @Test
  void shouldCompareWhatIsKept() {
    Random random = new Random(2);
    short[] a = encoding(256, random);
    short[] b = encoding(256, random);
    for (int i = 0; i < b.length; i++) {
      b[i] = (short) ((a[i] * 3 + b[i]) / 4);
    }
    ByteBuffer keptA = QuantizedEncoding.compress(a);
    ByteBuffer keptB = QuantizedEncoding.compress(b);
    assertThat(QuantizedEncoding.cosine(keptA, keptB))
        .isCloseTo(QuantizedEncoding.cosine(a, b), within(0.01));
    assertThat(QuantizedEncoding.cosine(keptA, keptA)).isCloseTo(1, within(1e-12));
    assertThat(QuantizedEncoding.cosine(keptA, QuantizedEncoding.compress(new short[256])))
        .isZero();
  }
}
