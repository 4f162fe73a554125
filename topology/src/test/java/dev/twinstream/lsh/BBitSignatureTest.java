package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Signatures of b bits a component. */
class BBitSignatureTest {
  private static final int COMPONENTS = 256;

  /** The mean of estimates is the similarity; their variance is P (1 - P) / (k (1 - 2^-b)^2). */
  @Test
  void shouldEstimateWithoutBiasAndWithTheTheorysVariance() {
    for (int bits : new int[] {1, 2, 4, 8, 16, 32}) {
      Random random = new Random(bits);
      int trials = 150;
      double jaccard = 150.0 / 250;
      double sum = 0;
      double squares = 0;
      for (int trial = 0; trial < trials; trial++) {
        MinHash minHash = new MinHash(COMPONENTS, random.nextLong());
        long[][] sets = Vectors.sets(200, 150, random);
        double estimate =
            BBitSignature.jaccard(
                BBitSignature.pack(minHash.signature(sets[0]), bits),
                BBitSignature.pack(minHash.signature(sets[1]), bits),
                COMPONENTS,
                bits);
        sum += estimate;
        squares += (estimate - jaccard) * (estimate - jaccard);
      }
      double agreement = BBitSignature.agreement(jaccard, bits);
      double chance = 1.0 / (1L << bits);
      double variance = agreement * (1 - agreement) / COMPONENTS / ((1 - chance) * (1 - chance));
      assertThat(sum / trials).isCloseTo(jaccard, within(5 * Math.sqrt(variance / trials)));
      assertThat(squares / trials).isBetween(0.55 * variance, 1.6 * variance);
    }
  }

  @Test
  void shouldPackSmall() {
    int[] signature = new MinHash(100, 1).signature(Vectors.shingles(30));
    assertThat(BBitSignature.pack(signature, 1)).hasSize(2);
    assertThat(BBitSignature.pack(signature, 8)).hasSize(13);
    long[] packed = BBitSignature.pack(signature, 32);
    assertThat((int) packed[0]).isEqualTo(signature[0]);
    assertThat((int) (packed[0] >>> 32)).isEqualTo(signature[1]);
    assertThat(BBitSignature.jaccard(packed, packed, 100, 32)).isEqualTo(1);
  }

  @Test
  void shouldCountEqualComponentsAtTwoAByte() {
    Random random = new Random(5);
    for (int components = 1; components <= 70; components++) {
      int[] a = random.ints(components, 0, 3).toArray();
      int[] b = random.ints(components, 0, 3).toArray();
      int wanted = 0;
      for (int i = 0; i < components; i++) {
        wanted += a[i] == b[i] ? 1 : 0;
        assertThat(BBitSignature.component(packed(a), i)).isEqualTo(a[i]);
      }
      ByteBuffer bytesA = ByteBuffer.wrap(packed(a));
      ByteBuffer bytesB = ByteBuffer.wrap(packed(b));
      assertThat(BBitSignature.matches(bytesA, bytesB, components)).isEqualTo(wanted);
      assertThat(BBitSignature.matches(bytesA, bytesA, components)).isEqualTo(components);
    }
  }

  private static byte[] packed(int[] components) {
    byte[] bytes = new byte[BBitSignature.packedBytes(components.length)];
    BBitSignature.pack(components, bytes);
    return bytes;
  }

  @Test
  void shouldNameWhatItRefuses() {
    ByteBuffer three = ByteBuffer.allocate(3);
    assertThatThrownBy(() -> BBitSignature.matches(three, ByteBuffer.allocate(4), 7))
        .hasMessage("signatures of at least 4 bytes are wanted, found 3 and 4");
    assertThatThrownBy(() -> BBitSignature.pack(new int[4], 3))
        .hasMessage("components are packed at 1, 2, 4, 8, 16 or 32 bits, found 3");
    assertThatThrownBy(() -> BBitSignature.pack(new int[4], 0))
        .hasMessage("1 to 32 bits of a component are kept, found 0");
    assertThatThrownBy(() -> BBitSignature.jaccard(new long[2], new long[1], 100, 1))
        .hasMessage("signatures of 100 components of 1 bits are 2 numbers, found 2 and 1");
  }
}
