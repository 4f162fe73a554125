package dev.twinstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** An encoding hangs on its text alone: with the small untrained model, which is fast. */
class EncoderTest {
  private static final Bundle BUNDLE = Bundle.load(Path.of("bundles", "untrained-64"));

  private static Encoder encoder(int maxTokens, int batchTokens, int threads) {
    return new Encoder(BUNDLE, new Encoder.Options(maxTokens, batchTokens, threads));
  }

  /** From nothing over a word to more than a chunk of the model, and far beyond. */
  private static List<String> texts() {
    Random random = new Random(7);
    List<String> texts = new ArrayList<>(List.of("", "word", "\ud800", "a\0b", "\ud83d\ude00"));
    for (int words : new int[] {3, 20, 45, 60, 64, 65, 120, 129, 500, 2000}) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < words; i++) {
        text.append(Integer.toString(random.nextInt(40_000), 36)).append(' ');
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @Test
  void shouldGiveTheSameBitsAloneAndInAnyBatchAtAnyThreadCount() {
    List<String> texts = texts();
    List<EncodedText> alone = new ArrayList<>();
    try (Encoder encoder = encoder(4096, 1, 1)) {
      for (String text : texts) {
        alone.add(encoder.encode(List.of(text)).get(0));
      }
    }
    for (int threads : new int[] {1, 2, 5}) {
      for (int batchTokens : new int[] {1, 3000, 1_000_000}) {
        List<String> shuffled = new ArrayList<>(texts);
        Collections.shuffle(shuffled, new Random(threads));
        try (Encoder encoder = encoder(4096, batchTokens, threads)) {
          List<EncodedText> batch = encoder.encode(shuffled);
          for (int i = 0; i < batch.size(); i++) {
            EncodedText expected = alone.get(texts.indexOf(shuffled.get(i)));
            assertThat(batch.get(i).encoding()).isEqualTo(expected.encoding());
            assertThat(batch.get(i).tokens()).isEqualTo(expected.tokens());
          }
        }
      }
    }
  }

  @Test
  void shouldGiveUnitVectorsAndZeroForNothing() {
    try (Encoder encoder = encoder(4096, 4096, 0)) {
      for (EncodedText text : encoder.encode(texts())) {
        double squares = 0;
        for (float component : text.encoding()) {
          squares += (double) component * component;
        }
        assertThat(squares).isCloseTo(text.tokens() == 0 ? 0 : 1, within(1e-5));
      }
      assertThat(encoder.encode(List.of())).isEmpty();
    }
  }

  @Test
  void shouldTruncateFlagAndCount() {
    String text = "lorem ipsum ".repeat(100_000);
    try (Encoder encoder = encoder(100, 4096, 0)) {
      EncodedText encoded = encoder.encode(List.of(text, "short")).get(0);
      assertThat(encoded.tokens()).isEqualTo(100);
      assertThat(encoded.truncated()).isTrue();
      assertThat(encoder.truncatedTotal()).isEqualTo(1);
    }
  }

  @Test
  void shouldCutALongTextWhereItsTokensWouldBeCut() {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append((char) ('a' + random.nextInt(26)));
      text.append(random.nextInt(5) == 0 ? " " : "");
    }
    try (TextTokenizer tokenizer = new TextTokenizer(BUNDLE.tokenizer())) {
      long[] all = tokenizer.tokenize(text.toString(), 1_000_000).ids();
      long[] cut = tokenizer.tokenize(text.toString(), 200).ids();
      assertThat(cut).hasSize(200);
      assertThat(all).startsWith(cut);
    }
  }

  /** Runs without white space, long and short, between and after words. */
  private static String runs(Random random) {
    String[] alphabets = {
      "abcdefghijklmnopqrstuvwxyz",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
      "0123456789abcdef",
      "a\u200b\u0301",
      "\u0416\u0436\u4e2d\ud55c",
      "!=-_"
    };
    StringBuilder text = new StringBuilder("word ".repeat(random.nextInt(300)));
    for (int i = random.nextInt(8); i >= 0; i--) {
      String alphabet = alphabets[random.nextInt(alphabets.length)];
      for (int length = 1 << random.nextInt(12); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      text.append(random.nextBoolean() ? " " : "\ud83d\ude00".repeat(random.nextInt(200)));
    }
    return text.toString();
  }

  @Test
  void shouldCutWithinARunAsWell() {
    Random random = new Random(11);
    for (Bundle bundle : List.of(BUNDLE, Bundle.builtIn())) {
      try (TextTokenizer tokenizer = new TextTokenizer(bundle.tokenizer())) {
        for (int round = 0; round < 50; round++) {
          String text = runs(random);
          long[] all = tokenizer.tokenize(text, 1_000_000).ids();
          for (int most : new int[] {1, 20, 100, 300}) {
            assertThat(tokenizer.tokenize(text, most).ids())
                .as("%s, round %d, %d tokens", bundle.name(), round, most)
                .isEqualTo(Arrays.copyOf(all, Math.min(most, all.length)));
          }
        }
      }
    }
  }

  /** Else the first cut would end before the run, and the next would hold all of it. */
  @Test
  void shouldReadNoMoreOfALongRunThanItNeeds() {
    String text = "word ".repeat(400) + "x".repeat(100_000);
    assertThat(TextTokenizer.beginning(text, 50_000)).hasSize(50_000);
    assertThat(TextTokenizer.beginning(text, 2_100)).hasSize(1_999);
    assertThat(TextTokenizer.beginning("\ud83d\ude00".repeat(1_000), 501)).hasSize(500);
  }

  @Test
  void shouldServeManyThreads() throws Exception {
    List<String> texts = texts();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (Encoder encoder = encoder(4096, 2048, 2)) {
      List<EncodedText> expected = encoder.encode(texts);
      List<Future<List<EncodedText>>> futures = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        futures.add(pool.submit(() -> encoder.encode(texts)));
      }
      for (Future<List<EncodedText>> future : futures) {
        for (int i = 0; i < texts.size(); i++) {
          assertThat(future.get().get(i).encoding()).isEqualTo(expected.get(i).encoding());
        }
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void shouldEncodeAsManyTokensAsTheModelTakes() {
    try (Encoder encoder = encoder(65_536, 16_384, 0)) {
      EncodedText encoded = encoder.encode(List.of("word ".repeat(70_000))).get(0);
      assertThat(encoded.tokens()).isEqualTo(65_536);
      assertThat(encoded.encoding()).doesNotContain(Float.NaN);
    }
  }

  @Test
  void shouldKnowACopyFromAnotherTextWithTheModelThatShips() {
    Bundle shipped = Bundle.builtIn();
    assertThat(shipped.trained()).isTrue();
    String text =
        "The committee met in Geneva on Tuesday to discuss new rules for fishing quotas. ";
    String edited = "On Tuesday the committee discussed new fishing quota rules in Geneva.";
    String other = "Preheat the oven, whisk the eggs with sugar, and fold in the melted chocolate.";
    try (Encoder encoder = new Encoder(shipped, Encoder.Options.defaults(shipped))) {
      List<EncodedText> alone = new ArrayList<>();
      for (String each : List.of(text, edited, other, text.repeat(30))) {
        alone.add(encoder.encode(List.of(each)).get(0));
      }
      List<EncodedText> batch = encoder.encode(List.of(text, edited, other, text.repeat(30)));
      for (int i = 0; i < batch.size(); i++) {
        assertThat(batch.get(i).encoding()).isEqualTo(alone.get(i).encoding());
      }
      double near = dot(batch.get(0), batch.get(1));
      assertThat(near).isGreaterThan(0.7);
      assertThat(dot(batch.get(0), batch.get(2))).isLessThan(near - 0.4);
    }
  }

  @Test
  void shouldRunAsManyRoundsAsAsked() {
    String text = "hashing brings together what belongs together, round after round ".repeat(40);
    List<EncodedText> encoded = new ArrayList<>();
    for (int rounds : new int[] {0, 1, 2}) {
      try (Encoder encoder = new Encoder(BUNDLE, with(rounds))) {
        encoded.add(encoder.encode(List.of(text)).get(0));
      }
    }
    assertThat(encoded.get(2).encoding()).isEqualTo(encoded.get(0).encoding());
    assertThat(encoded.get(1).encoding()).isNotEqualTo(encoded.get(0).encoding());
    assertThat(dot(encoded.get(1), encoded.get(0))).isGreaterThan(0.9);
    assertThatThrownBy(() -> new Encoder(BUNDLE, with(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("rounds of rotations is 2, wanted at least num_hashes, 3");
  }

  private static Encoder.Options with(int rounds) {
    return new Encoder.Options(4096, 4096, 1, rounds, Provider.CPU);
  }

  @Test
  void shouldSayWhichPathTheOpsTake() {
    assertThat(NativeOps.simdPath())
        .isIn("AVX-512 with AMX", "AVX-512 with VNNI", "AVX-512", "AVX2", "plain");
  }

  private static double dot(EncodedText a, EncodedText b) {
    double sum = 0;
    for (int i = 0; i < a.encoding().length; i++) {
      sum += (double) a.encoding()[i] * b.encoding()[i];
    }
    return sum;
  }

  @Test
  void shouldNameWhatItRefuses() {
    assertThatThrownBy(() -> encoder(65_537, 1, 0))
        .hasMessageContaining("max tokens is 65537, wanted 1 to 65536");
    Bundle broken =
        new Bundle("broken", false, 64, 10, 1, "", new byte[] {1, 2}, BUNDLE.tokenizer(), null);
    assertThatThrownBy(() -> new Encoder(broken, new Encoder.Options(10, 10, 0)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("ONNX Runtime refuses the model");
    Bundle noTokenizer =
        new Bundle("broken", false, 64, 10, 1, "", BUNDLE.graph(), new byte[] {'{', '}'}, null);
    assertThatThrownBy(() -> new Encoder(noTokenizer, new Encoder.Options(10, 10, 0)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer.json");
    Encoder closed = encoder(10, 10, 0);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.encode(List.of("a"))).hasMessage("the encoder is closed");
  }
}
