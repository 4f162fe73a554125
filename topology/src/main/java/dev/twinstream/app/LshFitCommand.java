package dev.twinstream.app;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.app.io.RowWriter;
import dev.twinstream.lsh.Centring;
import dev.twinstream.lsh.CentringFit;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.lsh.Shingler;
import dev.twinstream.lsh.TextNormalizer;
import dev.twinstream.lsh.UnrelatedPairs;
import dev.twinstream.model.Bundle;
import dev.twinstream.model.EncodedText;
import dev.twinstream.model.Encoder;
import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lsh fit}: the centring of a bundle's encodings. */
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Encodes a sample of documents, some thousands of the kind that will come, and fits the mean",
      "and the whitening that semantic keys are made with. Writes them into the bundle and names",
      "them in its manifest; keys made before are of no use then. Every second document is fitted",
      "to, the others give the distribution of unrelated pairs for lsh plan."
    })
final class LshFitCommand implements Callable<Integer> {
  private static final int READ_AHEAD = 64;

  /** Below this cosine there are too few related pairs to matter. */
  private static final double CLOSE = 0.4;

  private static final int SHINGLE_WORDS = 3;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "DOCS",
      description = "JSON lines {id, text} (.jsonl, also .gz or .xz), a folder, or -")
  String input;

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "FOLDER",
      description = "the model, into which the fit is written")
  Path folder;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "write the fit there, and leave the bundle as it is")
  Path output;

  @Option(
      names = "--unrelated",
      paramLabel = "FILE",
      description = "also write the cosines of unrelated pairs, for lsh plan --unrelated")
  Path unrelated;

  @Option(
      names = "--power",
      defaultValue = "0.4",
      paramLabel = "P",
      description = "of whitening, 0 (none) to 0.5 (full; default: ${DEFAULT-VALUE})")
  double power;

  @Option(
      names = "--dimensions",
      paramLabel = "N",
      description = "directions of most variance that are kept (default: all)")
  Integer dimensions;

  @Option(
      names = "--max-tokens",
      defaultValue = "512",
      paramLabel = "N",
      description = "tokens of a document that are encoded (default: ${DEFAULT-VALUE})")
  int maxTokens;

  @Option(
      names = "--most",
      defaultValue = "20000",
      paramLabel = "N",
      description = "documents that are read at most (default: ${DEFAULT-VALUE})")
  int most;

  private final BadRows badRows = new BadRows();
  private final List<short[]> encodings = new ArrayList<>();

  /** Of every second document, those that pairs are measured of. */
  private final List<long[]> shingles = new ArrayList<>();

  /** Encoding takes hours: what cannot work is said before. */
  @Override
  public Integer call() throws IOException {
    Bundle bundle = Bundle.load(folder);
    int kept = dimensions == null ? bundle.encodingSize() : dimensions;
    CentringFit.checkWhitening(bundle.encodingSize(), kept, power);
    Path written = output == null ? folder.resolve(Bundle.CENTRING) : output;
    checkOutputs(written);
    encode(bundle);
    Centring centring = CentringFit.whitened(everySecond(0), kept, power);
    List<String> pairs = unrelated == null ? null : unrelatedPairs(centring).lines();
    byte[] bytes = centring.toBytes().array();
    if (output == null) {
      writeIntoBundle(bytes);
    } else {
      Files.write(output, bytes);
    }
    System.err.printf(
        Locale.ROOT,
        "fitted to %,d documents; %s is written%n",
        (encodings.size() + 1) / 2,
        written);
    if (pairs != null) {
      Files.write(unrelated, pairs);
    }
    return badRows.exitStatus(false, encodings.size());
  }

  private void checkOutputs(Path written) throws IOException {
    RowWriter.checkFile(written.toString(), input);
    if (unrelated == null) {
      return;
    }
    if (RowWriter.areSame(unrelated.toString(), written.toString())) {
      throw new IllegalArgumentException(
          "the fit and --unrelated are both " + unrelated + "; name two");
    }
    RowWriter.check(unrelated.toString(), input);
  }

  private void encode(Bundle bundle) throws IOException {
    int tokens = Math.min(maxTokens, bundle.maxTokens());
    Shingler shingler = new Shingler(SHINGLE_WORDS);
    try (DocumentReader reader = DocumentReader.open(input, badRows);
        Encoder encoder = new Encoder(bundle, new Encoder.Options(tokens, 16 * tokens, 0))) {
      List<String> texts = new ArrayList<>();
      int read = 0;
      for (Document row = reader.next(); row != null && read < most; row = reader.next()) {
        if (row.getDeleted()) {
          continue;
        }
        String text = TextNormalizer.normalize(row.getText());
        texts.add(text); // as the stream encodes it
        if (read++ % 2 == 1 && unrelated != null) {
          shingles.add(shingler.shingles(text));
        }
        if (texts.size() == READ_AHEAD) {
          keep(encoder.encode(texts));
          texts.clear();
        }
      }
      keep(encoder.encode(texts));
    }
  }

  private void keep(List<EncodedText> encoded) {
    encoded.forEach(text -> encodings.add(QuantizedEncoding.quantize(text.encoding())));
  }

  /**
   * A bundle whose manifest names another checksum is refused, by this command too. So the manifest
   * names no fit while it is replaced: ended at any moment, this leaves a bundle that can be read.
   */
  private void writeIntoBundle(byte[] content) throws IOException {
    Path manifest = folder.resolve("manifest.json");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(manifest.toFile());
    ObjectNode files = (ObjectNode) json.get("files");
    ObjectWriter writer = mapper.writer(asExported());
    Path fresh = beside(folder.resolve(Bundle.CENTRING), content);
    files.remove(Bundle.CENTRING);
    replace(manifest, beside(manifest, lines(writer, json)));
    replace(folder.resolve(Bundle.CENTRING), fresh);
    files.put(Bundle.CENTRING, Bundle.sha256(content));
    replace(manifest, beside(manifest, lines(writer, json)));
  }

  private static byte[] lines(ObjectWriter writer, ObjectNode json) throws IOException {
    return (writer.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Path beside(Path file, byte[] content) throws IOException {
    return Files.write(file.resolveSibling(file.getFileName() + ".new"), content);
  }

  private static void replace(Path file, Path by) throws IOException {
    Files.move(by, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The layout that the export writes manifests in. */
  private static DefaultPrettyPrinter asExported() {
    DefaultIndenter indenter = new DefaultIndenter(" ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentArraysWith(indenter);
    printer.indentObjectsWith(indenter);
    return printer;
  }

  private UnrelatedPairs unrelatedPairs(Centring centring) {
    List<short[]> images = everySecond(1).stream().map(centring::apply).toList();
    return UnrelatedPairs.measured(
        images,
        CLOSE,
        (i, j) -> jaccard(shingles.get(i), shingles.get(j)) >= LshUnrelatedCommand.RELATED);
  }

  private static double jaccard(long[] a, long[] b) {
    Set<Long> common = new HashSet<>();
    Arrays.stream(a).forEach(common::add);
    int both = (int) Arrays.stream(b).filter(common::contains).count();
    return (double) both / Math.max(1, a.length + b.length - both);
  }

  private List<short[]> everySecond(int from) {
    List<short[]> half = new ArrayList<>();
    for (int i = from; i < encodings.size(); i += 2) {
      half.add(encodings.get(i));
    }
    return half;
  }
}
