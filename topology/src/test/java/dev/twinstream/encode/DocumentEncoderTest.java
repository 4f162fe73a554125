package dev.twinstream.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.lsh.Markup;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.lsh.SemanticParameters;
import dev.twinstream.model.EncodedText;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.internal.Arrival;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the model is given to read. */
class DocumentEncoderTest {
  private static List<String> read(Markup markup) {
    List<String> read = new ArrayList<>();
    SemanticParameters parameters =
        new SemanticParameters(SemanticParameters.Family.CROSS_POLYTOPE, 8, 2, 40, 1);
    DocumentEncoder encoder =
        new DocumentEncoder(
            texts -> {
              read.addAll(texts);
              return texts.stream().map(t -> new EncodedText(new float[64], 1, false)).toList();
            },
            "model",
            SemanticKeys.of(parameters, 64, null, 0),
            1000,
            markup);
    Document document = new Document("a", "<p>Hello &amp; you</p>", null, null, false);
    encoder.encode(List.of(new Arrival(5L, document, null, false, null)));
    return read;
  }

  @Test
  void shouldEncodeTextsAsTheyAreCompared() {
    assertThat(read(Markup.STRIP)).containsExactly("hello & you");
    assertThat(read(Markup.KEEP)).containsExactly("<p>hello &amp; you</p>");
  }
}
