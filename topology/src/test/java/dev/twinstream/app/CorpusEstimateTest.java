package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusEstimateTest {
  private static final int WORDS = 300;

  @TempDir Path folder;

  /** Rows of random texts. */
  private static byte[] rows(int count) {
    Random random = new Random(9);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String text = Texts.random(random, 1 + random.nextInt(2 * WORDS));
      rows.append("{\"id\":\"").append(i).append("\",\"text\":\"").append(text).append("\"}\n");
    }
    return rows.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldCountWhatIsSmall() throws IOException {
    Path a = Files.writeString(folder.resolve("a.jsonl"), "{\"id\":\"a\",\"text\":\"12345678\"}\n");
    Path b =
        Files.writeString(
            folder.resolve("b.jsonl"), "nonsense\n{\"id\":\"b\",\"text\":\"\u00e9\"}\n");
    assertThat(CorpusEstimate.of(List.of(a.toString(), b.toString()), 1))
        .isEqualTo(new CorpusEstimate(2, 10, 1, true));
  }

  @Test
  void shouldScaleTheSampleByTheSizeOfTheFiles() throws IOException {
    int count = 6 * CorpusEstimate.SAMPLE;
    byte[] rows = rows(count);
    Path plain = Files.write(folder.resolve("plain.jsonl"), rows);
    Path packed = folder.resolve("packed.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(rows);
    }
    for (Path input : List.of(plain, packed)) {
      CorpusEstimate estimate = CorpusEstimate.of(List.of(input.toString()), 0);
      assertThat(estimate.exact()).isFalse();
      assertThat((double) estimate.documents()).isCloseTo(count, within(0.05 * count));
      assertThat((double) estimate.bytes()).isCloseTo(rows.length, within(0.05 * rows.length));
    }
  }

  @Test
  void shouldSayWhatItWillTake() {
    CorpusEstimate million = new CorpusEstimate(1_000_000, 3_100_000_000L, 0, false);
    assertThat(million.hours(100)).isCloseTo(2.78, within(0.01));
    assertThat(million.describe(0))
        .contains("about 1,000,000 documents, 3.1 GB of text")
        .contains("about 1.0 GB (1,007 bytes a document)")
        .contains("about 23 minutes (at 737 documents a second, as measured on two cores)");
    CorpusEstimate encoded = new CorpusEstimate(1_000_000, 3_100_000_000L, 720_000_000L, true);
    assertThat(encoded.hours(0)).isCloseTo(10.38, within(0.01));
    assertThat(encoded.describe(0)).contains("about 720,000,000 tokens to encode");
  }
}
