package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.app.io.RowWriter;
import dev.twinstream.encode.DocumentEncoder.Outcome;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.internal.Arrival;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code encode}: documents in, encodings and semantic bucket keys out. */
@Command(
    name = "encode",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Encodes documents with the Reformer: one line {id, tokens, truncated, encoding, keys} each,",
      "in input order, as the stream would; without a broker."
    })
final class EncodeCommand implements Callable<Integer> {
  /** Documents read at once; the encoder makes its batches of them. */
  private static final int READ_AHEAD = 64;

  @Mixin RowOptions rows;

  @Option(names = "--bundle", paramLabel = "FOLDER", description = "a model of your own")
  String bundle;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any option of the application, for example encoder.max.tokens=65536")
  Map<String, String> options = new HashMap<>();

  private final BadRows badRows = new BadRows();
  private long encoded;
  private long tokens;
  private long truncated;

  @Override
  public Integer call() throws IOException {
    if (bundle != null) {
      options.put(TwinstreamConfig.BUNDLE, bundle);
    }
    Map<String, String> properties = new HashMap<>(options);
    properties.put(TwinstreamConfig.BOOTSTRAP_SERVERS, "none.is.used:1");
    TwinstreamConfig config = new TwinstreamConfig(properties);
    if (!config.hasEncoder()) {
      throw new IllegalArgumentException(
          TwinstreamConfig.BUNDLE + " is none: name a model to encode with");
    }
    RowWriter.check(rows.output, rows.input);
    long started = System.nanoTime();
    try (DocumentReader reader = DocumentReader.open(rows.input, badRows);
        EncoderService encoder = new EncoderService(config);
        RowWriter writer = RowWriter.open(rows.output)) {
      List<Arrival> batch = new ArrayList<>();
      for (Document row = reader.next(); row != null; row = reader.next()) {
        if (row.getDeleted()) {
          continue;
        }
        batch.add(new Arrival(0L, row, null, false, null));
        if (batch.size() == READ_AHEAD) {
          write(encoder.documents().encode(batch), writer);
          batch.clear();
        }
      }
      write(encoder.documents().encode(batch), writer);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    System.err.printf(
        Locale.ROOT,
        "%,d documents, %,d tokens in %.1f s, %,.0f tokens a second; %,d truncated; %s%n",
        encoded,
        tokens,
        seconds,
        tokens / seconds,
        truncated,
        badRows.summary());
    return rows.exitStatus(badRows, encoded);
  }

  private void write(List<Outcome> outcomes, RowWriter writer) throws IOException {
    for (Outcome outcome : outcomes) {
      if (outcome.failure() != null) {
        String id = outcome.arrival().getDocument().getId();
        badRows.badRow("document " + id, 0, outcome.failure().getMessage());
        continue;
      }
      Encoding encoding = outcome.encoding();
      encoded++;
      tokens += encoding.getTokens();
      truncated += encoding.getTruncated() ? 1 : 0;
      writer.write(row(encoding));
    }
  }

  /** Keys are written in hexadecimal: many readers of JSON keep 53 bits of a number only. */
  private static Map<String, Object> row(Encoding encoding) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", encoding.getId());
    row.put("tokens", encoding.getTokens());
    row.put("truncated", encoding.getTruncated());
    row.put("encoding", encoding.getEncoding());
    row.put("keys", encoding.getKeys().stream().map(k -> String.format("%016x", k)).toList());
    return row;
  }
}
