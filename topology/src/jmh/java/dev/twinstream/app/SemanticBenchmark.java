package dev.twinstream.app;

import dev.twinstream.evaluate.CopyKind;
import dev.twinstream.evaluate.MadeUpStream;
import dev.twinstream.evaluate.MadeUpStream.Truth;
import dev.twinstream.lsh.Centring;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.lsh.Shingler;
import dev.twinstream.lsh.TextNormalizer;
import dev.twinstream.model.Bundle;
import dev.twinstream.model.EncodedText;
import dev.twinstream.model.Encoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The semantic keys by themselves: recall by kind of copy, and candidates that are of no use. */
@Command(
    name = "semantic",
    mixinStandardHelpOptions = true,
    description = "Measures the semantic keys on truly encoded texts and copies of them.")
public final class SemanticBenchmark implements Callable<Integer> {
  /** Of copies that bands are not likely to find. */
  private static final double UNLIKE_WORDS = 0.5;

  private static final double SCALED_TO = 1_000_000;
  private static final int BATCH = 64;
  private static final long SCOPE = 0;

  @Option(names = "--corpus", required = true, description = "JSON lines: a file or a folder")
  String corpus;

  @Option(
      names = "--bases",
      defaultValue = "10000",
      description = "texts stored, of 100 to 600 words (${DEFAULT-VALUE})")
  int baseCount;

  @Option(names = "--copies", defaultValue = "300", description = "of a kind (${DEFAULT-VALUE})")
  int copyCount;

  @Option(names = "--seed", defaultValue = "1", description = "of the texts (${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "options of the application, for example semantic.probes=100")
  Map<String, String> options = new HashMap<>();

  private final Shingler shingler = new Shingler(3);

  /** A text's shingles, its encoding as it is kept, and that as it is hashed. */
  private record Text(Set<Long> shingles, short[] kept, short[] centred) {
    double jaccard(Text other) {
      long both = shingles.stream().filter(other.shingles::contains).count();
      return (double) both / Math.max(1, shingles.size() + other.shingles.size() - both);
    }

    double cosine(Text other) {
      return QuantizedEncoding.cosine(centred, other.centred);
    }
  }

  /**
   * A copy and its base.
   *
   * @param isFound whether the copy looks under a key that the base is stored under
   */
  private record Pair(CopyKind kind, double jaccard, double cosine, boolean isFound) {}

  /** Runs the benchmark; the arguments are its options. */
  public static void main(String[] arguments) {
    System.exit(BenchmarkCommand.execute(new SemanticBenchmark(), arguments));
  }

  @Override
  public Integer call() throws IOException {
    options.putIfAbsent("bootstrap.servers", "none");
    TwinstreamConfig config = new TwinstreamConfig(options);
    Bundle bundle = EncoderService.bundle(config);
    SemanticKeys keys = EncoderService.semanticKeys(config, bundle);
    UnaryOperator<short[]> centring =
        bundle.centring() == null
            ? encoding -> encoding
            : Centring.fromBytes(ByteBuffer.wrap(bundle.centring()))::apply;
    List<Pair> pairs = new ArrayList<>();
    List<Text> bases;
    try (MadeUpStream stream = MadeUpStream.open(corpus, seed, 2 * baseCount);
        Encoder encoder = new Encoder(bundle, new Encoder.Options(8192, 16_384, 0))) {
      System.err.printf("encoding %,d bases, %,d copies a kind%n", baseCount, copyCount);
      bases = texts(encoder, centring, stream, CopyKind.BASE, baseCount);
      for (CopyKind kind : CopyKind.values()) {
        if (kind != CopyKind.BASE && kind != CopyKind.EXACT) {
          List<Text> copies = texts(encoder, centring, stream, kind, copyCount);
          for (int i = 0; i < copyCount; i++) {
            pairs.add(pair(keys, kind, copies.get(i), bases.get(i)));
          }
        }
      }
    }
    printRecall(pairs);
    printNeedless(keys, bases);
    return 0;
  }

  private List<Text> texts(
      Encoder encoder,
      UnaryOperator<short[]> centring,
      MadeUpStream stream,
      CopyKind kind,
      int count) {
    List<Text> texts = new ArrayList<>(count);
    for (int from = 0; from < count; from += BATCH) {
      List<String> batch = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        batch.add(stream.text(new Truth(i, kind), kind.ordinal() * baseCount + i));
      }
      List<EncodedText> encoded = encoder.encode(batch);
      for (int i = 0; i < batch.size(); i++) {
        short[] quantized = QuantizedEncoding.quantize(encoded.get(i).encoding());
        short[] kept = QuantizedEncoding.decompress(QuantizedEncoding.compress(quantized));
        texts.add(new Text(shingles(batch.get(i)), kept, centring.apply(kept)));
      }
    }
    return texts;
  }

  private Set<Long> shingles(String text) {
    Set<Long> set = new HashSet<>();
    Arrays.stream(shingler.shingles(TextNormalizer.normalize(text))).forEach(set::add);
    return set;
  }

  private static Pair pair(SemanticKeys keys, CopyKind kind, Text copy, Text base) {
    long[] stored = keys.keys(base.kept(), SCOPE);
    boolean isFound =
        Arrays.stream(keys.probes(copy.kept(), SCOPE))
            .anyMatch(probe -> Arrays.stream(stored).anyMatch(key -> key == probe));
    return new Pair(kind, copy.jaccard(base), copy.cosine(base), isFound);
  }

  private static void printRecall(List<Pair> pairs) {
    System.out.println("| copies | pairs | recall of the keys |");
    System.out.println("| --- | --- | --- |");
    for (CopyKind kind : CopyKind.values()) {
      printRecall(kind.label(), pairs, pair -> pair.kind() == kind);
    }
    printRecall("all", pairs, pair -> true);
    printRecall("Jaccard similarity under 0.5", pairs, pair -> pair.jaccard() < UNLIKE_WORDS);
    for (int at = 70; at < 100; at += 5) {
      double from = at / 100.0;
      printRecall(
          String.format(Locale.ROOT, "cosine after centring %.2f to %.2f", from, from + 0.05),
          pairs,
          pair -> pair.cosine() >= from && pair.cosine() < from + 0.05);
    }
  }

  private static void printRecall(String name, List<Pair> pairs, Predicate<Pair> chosen) {
    List<Pair> some = pairs.stream().filter(chosen).toList();
    if (!some.isEmpty()) {
      double recall = (double) some.stream().filter(Pair::isFound).count() / some.size();
      System.out.printf(Locale.ROOT, "| %s | %,d | %.3f |%n", name, some.size(), recall);
    }
  }

  /** Each text looks for others; what it finds is of no use where they share few shingles. */
  private static void printNeedless(SemanticKeys keys, List<Text> bases) {
    Map<Long, List<Integer>> stored = new HashMap<>();
    for (int i = 0; i < bases.size(); i++) {
      for (long key : keys.keys(bases.get(i).kept(), SCOPE)) {
        stored.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
      }
    }
    long needless = 0;
    for (int i = 0; i < bases.size(); i++) {
      Set<Integer> candidates = new HashSet<>();
      for (long probe : keys.probes(bases.get(i).kept(), SCOPE)) {
        candidates.addAll(stored.getOrDefault(probe, List.of()));
      }
      candidates.remove(i);
      Text text = bases.get(i);
      needless +=
          candidates.stream()
              .filter(other -> text.jaccard(bases.get(other)) < LshUnrelatedCommand.RELATED)
              .count();
    }
    double each = (double) needless / bases.size();
    System.out.printf(
        Locale.ROOT,
        "false candidates a document (Jaccard similarity under %.1f): %.2f of %,d stored, %.0f of a"
            + " million%n",
        LshUnrelatedCommand.RELATED,
        each,
        bases.size(),
        each * SCALED_TO / bases.size());
  }
}
