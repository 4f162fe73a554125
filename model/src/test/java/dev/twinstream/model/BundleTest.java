package dev.twinstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle is what its manifest says, or it is refused. */
class BundleTest {
  private static final Path SHIPPED = Path.of("bundles", Bundle.BUILT_IN);

  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    for (String file :
        new String[] {"manifest.json", "model.onnx", "tokenizer.json", Bundle.CENTRING}) {
      Files.copy(SHIPPED.resolve(file), folder.resolve(file));
    }
  }

  @Test
  void shouldReadAFolderAsItReadsTheJar() {
    Bundle bundle = Bundle.load(folder);
    assertThat(bundle.checksum()).isEqualTo(Bundle.builtIn().checksum());
    assertThat(bundle.trained()).isTrue();
    assertThat(bundle.encodingSize()).isEqualTo(256);
    assertThat(bundle.maxTokens()).isEqualTo(65_536);
  }

  @Test
  void shouldRefuseAChangedFile() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertThatThrownBy(() -> Bundle.load(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("SHA-256 of tokenizer.json")
        .hasMessageContaining("its manifest wants");
  }

  /** A manifest that names no centring needs none; a folder that lacks a named one is refused. */
  @Test
  void shouldTakeTheCentringThatTheManifestNames() throws IOException {
    assertThat(Bundle.load(folder).centring()).isEqualTo(Bundle.builtIn().centring());
    Files.delete(folder.resolve(Bundle.CENTRING));
    assertThatThrownBy(() -> Bundle.load(folder)).hasMessageContaining("there is no centring.bin");
    assertThat(Bundle.load(Path.of("bundles", "untrained-64")).centring()).isNull();
  }

  @Test
  void shouldNameAMissingFile() throws IOException {
    Files.delete(folder.resolve("model.onnx"));
    assertThatThrownBy(() -> Bundle.load(folder)).hasMessageContaining("there is no model.onnx");
    assertThatThrownBy(() -> Bundle.load(folder.resolve("nowhere")))
        .hasMessageContaining("there is no manifest.json");
  }

  @Test
  void shouldRefuseAnotherFormat() throws IOException {
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"format\": 1", "\"format\": 2"));
    assertThatThrownBy(() -> Bundle.load(folder)).hasMessageContaining("its format is 2, wanted 1");
  }
}
