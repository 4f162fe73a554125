package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Documents leave when event time has passed them by the retention and its grace, whatever the
 * order in which they came: real broker, 4 partitions, 2 stream threads, 20 random interleavings,
 * against brute force over those that must be left.
 */
class ExpiryTest {
  private static final int INTERLEAVINGS = 20;
  private static final int BASES = 10;
  private static final long DAY = 86_400_000L;
  private static final long RETENTION = 30 * DAY;
  private static final long LAST = 120 * DAY;

  @Test
  void shouldKeepWhatEventTimeHasNotPassed() throws Exception {
    Random random = new Random(20261126);
    List<Document> stream = new ArrayList<>();
    for (int i = 0; i < INTERLEAVINGS; i++) {
      for (int base = 0; base < BASES; base++) {
        String text = Texts.random(random, 100);
        for (int copy = 0; copy < 8; copy++) {
          long time = Math.floorMod(random.nextLong(), LAST) - 20 * DAY;
          stream.add(new Document("s" + i + "b" + base + "c" + copy, text, time, "s" + i, false));
        }
      }
    }
    // The last event time, in every partition whatever the hash.
    for (int i = 0; i < 64; i++) {
      stream.add(new Document("last" + i, Texts.random(random, 100), LAST, "last", false));
    }
    Collections.shuffle(stream, random);
    Map<String, Document> kept = new HashMap<>();
    for (Document document : stream) {
      if (document.getPublishedAt() + RETENTION + RETENTION / 10 >= LAST) {
        kept.put(document.getId(), document);
      }
    }
    Map<String, String> options =
        Map.of(
            TwinstreamConfig.RETENTION_MS,
            Long.toString(RETENTION),
            TwinstreamConfig.BUNDLE,
            TwinstreamConfig.NO_ENCODER);
    try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(options, letter -> {})) {
      long time = System.currentTimeMillis() - 100_000;
      for (Document document : stream) {
        pipeline.send(document, time++);
      }
      pipeline.awaitIdle(done -> {});
      Map<String, String> twins = BruteForce.twins(kept.values(), RETENTION);
      Map<String, Long> sizes = BruteForce.sizes(twins);
      for (Document document : stream) {
        String id = document.getId();
        Verdict verdict = pipeline.results().takeVerdict(id);
        if (!kept.containsKey(id)) {
          assertThat(verdict).as("verdict of expired %s", id).isNull();
          assertThat(pipeline.results().cluster(id)).as("cluster of expired %s", id).isNull();
          continue;
        }
        assertThat(verdict).as("verdict of %s", id).isNotNull();
        assertThat(verdict.getDuplicateOf()).as("twin of %s", id).isEqualTo(twins.get(id));
        assertThat(pipeline.results().cluster(id))
            .as("cluster of %s", id)
            .isEqualTo(BruteForce.root(id, twins));
        assertThat(pipeline.results().clusterSize(id))
            .as("size of the cluster of %s", id)
            .isEqualTo(sizes.get(BruteForce.root(id, twins)));
      }
      assertThat(pipeline.results().revisionsThatDidNotGrow()).isEmpty();
      assertThat(Counted.total("postings-dropped-total")).isZero();
      assertThat(kept.size()).isBetween(stream.size() / 10, stream.size() / 2);
      assertThat(twins.values().stream().filter(twin -> twin != null)).hasSizeGreaterThan(20);
    }
  }

  @Test
  void shouldTakeEncodingsBackWithTheirDocuments() throws Exception {
    Random random = new Random(9);
    Map<String, String> options =
        Map.of(
            TwinstreamConfig.RETENTION_MS,
            Long.toString(RETENTION),
            TwinstreamConfig.BUNDLE,
            Texts.FAST_MODEL);
    List<String> expired = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(options, letter -> {})) {
      for (int i = 0; i < 40; i++) {
        expired.add("old" + i);
        pipeline.send(new Document("old" + i, Texts.random(random, 40), 0L, null, false));
      }
      for (int i = 0; i < 64; i++) {
        kept.add("last" + i);
        pipeline.send(
            new Document("last" + i, Texts.random(random, 40), 2 * RETENTION, null, false));
      }
      // One comes again, changed, behind all that makes it expire.
      pipeline.send(new Document("old7", Texts.random(random, 40), 2 * RETENTION, null, false));
      kept.add("old7");
      pipeline.awaitIdle(done -> {});
      List<String> found = new ArrayList<>();
      pipeline.forEachEncoding(encoding -> found.add(encoding.getId()));
      assertThat(found).containsExactlyInAnyOrderElementsOf(kept);
    }
  }
}
