package dev.twinstream.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.evaluate.MadeUpStream.MadeUp;
import dev.twinstream.evaluate.MadeUpStream.Truth;
import dev.twinstream.lsh.TextNormalizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeUpStreamTest {
  private static final int DOCUMENTS = 1000;

  @TempDir Path folder;
  private String corpus;
  private MadeUpStream stream;

  @BeforeEach
  void openStream() throws IOException {
    corpus = corpus(200).toString();
    stream = MadeUpStream.open(corpus, 7, DOCUMENTS);
  }

  @AfterEach
  void closeStream() throws IOException {
    stream.close();
  }

  /** Sentences of random words; every document ends with a sentence that all have. */
  private Path corpus(int documents) throws IOException {
    Random random = new Random(42);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      StringBuilder text = new StringBuilder();
      for (int sentence = 0; sentence < 40; sentence++) {
        for (int word = 5 + random.nextInt(20); word > 0; word--) {
          text.append(Integer.toString(random.nextInt(40_000), 36)).append(word > 1 ? " " : ". ");
        }
      }
      rows.add("{\"id\":\"" + i + "\",\"text\":\"" + text + "All rights are reserved.\"}");
    }
    return Files.write(folder.resolve("corpus.jsonl"), rows);
  }

  private static Set<List<String>> shingles(String text) {
    String[] words = TextNormalizer.normalize(text).split(" ");
    Set<List<String>> shingles = new HashSet<>();
    for (int i = 0; i + 3 <= words.length; i++) {
      shingles.add(List.of(words[i], words[i + 1], words[i + 2]));
    }
    return shingles;
  }

  /** Share of the shingles of {@code a} that are in {@code b}. */
  private static double contained(Set<List<String>> a, Set<List<String>> b) {
    return (double) a.stream().filter(b::contains).count() / a.size();
  }

  @Test
  void shouldStayTheSameForASeed() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < DOCUMENTS; i++) {
      digest.update(stream.document(i).toString().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo("9e689ef458f3b80f021b0e9475c317de2157c2705f92d2e92c413b4461dea407");
  }

  @Test
  void shouldMakeAnyDocumentAloneInAnyOrder() throws IOException {
    MadeUp late = stream.document(777);
    stream.document(3);
    assertThat(stream.document(777)).isEqualTo(late);
    assertThat(stream.truth(777)).isEqualTo(new Truth(late.base(), late.kind()));
    try (MadeUpStream other = MadeUpStream.open(corpus, 8, DOCUMENTS)) {
      assertThat(other.document(777).text()).isNotEqualTo(late.text());
    }
  }

  @Test
  void shouldGiveEachKindItsShareAndCopiesAnEarlierBase() {
    Map<CopyKind, Integer> counts = new EnumMap<>(CopyKind.class);
    Map<Integer, String> bases = new HashMap<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      MadeUp document = stream.document(i);
      counts.merge(document.kind(), 1, Integer::sum);
      assertThat(document.id()).hasSize(MadeUpStream.ID_LENGTH).startsWith("https://");
      assertThat(MadeUpStream.numberOf(document.id())).isEqualTo(i);
      if (document.kind() == CopyKind.BASE) {
        assertThat(bases.put(document.base(), document.text())).isNull();
        assertThat(document.text().split(" ").length).isBetween(100, 680);
      } else {
        assertThat(bases).as("document %d", i).containsKey(document.base());
      }
      if (document.kind() == CopyKind.EXACT) {
        assertThat(document.text()).isEqualTo(bases.get(document.base()));
      }
    }
    int hundreds = DOCUMENTS / 100;
    for (CopyKind kind : CopyKind.values()) {
      assertThat(counts).as("%s", kind).containsEntry(kind, kind.inHundred() * hundreds);
    }
  }

  @Test
  void shouldDamageAsMuchAsStated() {
    Map<CopyKind, List<Double>> kept = new EnumMap<>(CopyKind.class);
    Map<CopyKind, List<Double>> added = new EnumMap<>(CopyKind.class);
    for (int i = 0; i < DOCUMENTS; i++) {
      Truth truth = stream.truth(i);
      Set<List<String>> base = shingles(stream.text(new Truth(truth.base(), CopyKind.BASE), i));
      Set<List<String>> copy = shingles(stream.document(i).text());
      kept.computeIfAbsent(truth.kind(), k -> new ArrayList<>()).add(contained(base, copy));
      added.computeIfAbsent(truth.kind(), k -> new ArrayList<>()).add(1 - contained(copy, base));
    }
    // A shingle of three words survives where none of them is touched.
    assertThat(mean(kept.get(CopyKind.EDIT_2))).isBetween(0.92, 0.96);
    assertThat(mean(kept.get(CopyKind.EDIT_5))).isBetween(0.82, 0.89);
    assertThat(mean(kept.get(CopyKind.EDIT_10))).isBetween(0.69, 0.77);
    assertThat(mean(kept.get(CopyKind.EDIT_20))).isBetween(0.46, 0.57);
    assertThat(mean(kept.get(CopyKind.TRUNCATED))).isBetween(0.45, 0.65);
    assertThat(mean(kept.get(CopyKind.EXCERPT))).isBetween(0.12, 0.3);
    assertThat(mean(kept.get(CopyKind.SCANNED))).isBetween(0.75, 0.97);
    assertThat(mean(kept.get(CopyKind.REORDERED))).isBetween(0.75, 0.95);
    assertThat(kept.get(CopyKind.BOILERPLATE)).allMatch(share -> share == 1);
    assertThat(kept.get(CopyKind.EMBEDDED)).allMatch(share -> share == 1);
    assertThat(mean(added.get(CopyKind.EMBEDDED))).isBetween(0.45, 0.8);
    assertThat(mean(added.get(CopyKind.BOILERPLATE))).isBetween(0.03, 0.25);
    assertThat(added.get(CopyKind.TRUNCATED)).allMatch(share -> share == 0);
    assertThat(added.get(CopyKind.EXCERPT)).allMatch(share -> share == 0);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Test
  void shouldMakeBasesThatShareLittle() {
    assertThat(stream.runs()).isBetween(100, 499);
    List<Set<List<String>>> bases = new ArrayList<>();
    for (int base = 0; base < 300; base++) {
      bases.add(shingles(stream.text(new Truth(base, CopyKind.BASE), 0)));
    }
    for (int i = 0; i < bases.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(contained(bases.get(i), bases.get(j))).as("%d in %d", i, j).isLessThan(0.5);
      }
    }
  }

  @Test
  void shouldRefuseACorpusWithoutSentences() throws IOException {
    Path file = folder.resolve("empty.jsonl");
    Files.writeString(file, "{\"id\":\"a\",\"text\":\"Too short.\"}\n");
    assertThatThrownBy(() -> MadeUpStream.open(file.toString(), 1, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no sentence of at least 4 words");
  }
}
