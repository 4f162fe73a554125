package dev.twinstream.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A model as exported: graph, tokenizer and manifest, verified by checksum when read.
 *
 * @param name the model's name
 * @param trained false for seeded random weights
 * @param encodingSize length of an encoding
 * @param maxTokens the longest input, in tokens
 * @param padMultiple rows are processed at multiples of this many tokens
 * @param checksum SHA-256 of the manifest, in hex: names the model, since the manifest names the
 *     checksums of all else
 * @param graph the ONNX model
 * @param tokenizer the content of {@code tokenizer.json}
 * @param centring the content of {@code centring.bin}, fitted to the model's encodings; null where
 *     the manifest names none
 */
public record Bundle(
    String name,
    boolean trained,
    int encodingSize,
    int maxTokens,
    int padMultiple,
    String checksum,
    byte[] graph,
    byte[] tokenizer,
    byte[] centring) {
  /** The bundle that the jar carries. */
  public static final String BUILT_IN = "reformer-minilm-256";

  /** The file of the fitted centring; a bundle may be without. */
  public static final String CENTRING = "centring.bin";

  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private interface Source {
    InputStream open(String file) throws IOException;
  }

  /** The bundle that the jar carries. */
  public static Bundle builtIn() {
    String folder = "/bundles/" + BUILT_IN + "/";
    return read("built-in bundle " + BUILT_IN, f -> Bundle.class.getResourceAsStream(folder + f));
  }

  /**
   * Reads a bundle's folder.
   *
   * @throws ModelException if a file is missing or differs from the manifest
   */
  public static Bundle load(Path folder) {
    return read(
        "bundle " + folder,
        f -> Files.exists(folder.resolve(f)) ? Files.newInputStream(folder.resolve(f)) : null);
  }

  /** A number for the model, of which hash keys are made: other bundles make other keys. */
  public long epoch() {
    return Long.parseUnsignedLong(checksum.substring(0, 16), 16);
  }

  private static Bundle read(String what, Source source) {
    byte[] manifest = bytes(what, source, "manifest.json");
    JsonNode json;
    try {
      json = JSON.readTree(manifest);
    } catch (IOException e) {
      throw new ModelException(what + ": manifest.json is not JSON: export the bundle again", e);
    }
    int format = json.path("format").asInt();
    if (format != FORMAT) {
      throw new ModelException(
          what + ": its format is " + format + ", wanted " + FORMAT + ": export it again");
    }
    return new Bundle(
        json.path("name").asText(),
        json.path("trained").asBoolean(),
        positive(what, json, "encoding_size"),
        positive(what, json, "max_tokens"),
        positive(what, json, "pad_multiple"),
        sha256(manifest),
        verified(what, source, json, "model.onnx"),
        verified(what, source, json, "tokenizer.json"),
        json.path("files").has(CENTRING) ? verified(what, source, json, CENTRING) : null);
  }

  private static int positive(String what, JsonNode json, String key) {
    int value = json.path(key).asInt();
    if (value < 1) {
      throw new ModelException(
          what + ": " + key + " is " + json.path(key) + ", wanted a positive whole number");
    }
    return value;
  }

  private static byte[] verified(String what, Source source, JsonNode manifest, String file) {
    byte[] content = bytes(what, source, file);
    String wanted = manifest.path("files").path(file).asText();
    String found = sha256(content);
    if (!found.equals(wanted)) {
      throw new ModelException(
          what
              + ": the SHA-256 of "
              + file
              + " is "
              + found
              + ", its manifest wants "
              + wanted
              + ": copy or export the bundle again");
    }
    return content;
  }

  private static byte[] bytes(String what, Source source, String file) {
    try (InputStream in = source.open(file)) {
      if (in == null) {
        throw new ModelException(what + ": there is no " + file + ": name a bundle's folder");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ModelException(what + ": " + file + " cannot be read", e);
    }
  }

  /** SHA-256 in hex, as a manifest names files by. */
  public static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
