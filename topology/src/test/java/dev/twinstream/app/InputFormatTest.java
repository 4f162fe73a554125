package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.PairMark;
import dev.twinstream.schemas.internal.Mark;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Marks of pairs as JSON. */
class InputFormatTest {
  private final InputFormat format = InputFormat.of("json", Map.of());

  private PairMark mark(String json) {
    return format.pairMarks().parse("pair-marks", Utils.utf8(json));
  }

  @Test
  void shouldTakeTheIdsThatDocumentsMayHave() {
    String number = "12345678901234567890";
    String document = "{\"id\":" + number + ",\"text\":\"t\"}";
    PairMark mark = mark("{\"a\":" + number + ",\"b\":\"b\",\"mark\":\"twins\"}");
    assertThat(mark).isEqualTo(new PairMark(number, "b", Mark.twins));
    assertThat(format.documents().parse("documents", null, Utils.utf8(document)).getId())
        .isEqualTo(mark.getA());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"b\":\"b\"} | the mark has no a",
        "{\"a\":\"a\",\"b\":\"b\",\"marc\":\"twins\"} | the mark has no field mark",
        "{\"a\":null,\"b\":\"b\"} | the mark has no a",
        "{\"a\":\"\",\"b\":\"b\"} | the mark has no a",
        "{\"a\":1.5,\"b\":\"b\"} | a is a NUMBER; wanted a document's id, a string or",
        "{\"a\":\"a\",\"b\":{}} | b is a OBJECT; wanted a document's id, a string or"
      })
  void shouldRefuseWhatIsNoId(String json, String fault) {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> mark(json))
        .withMessageStartingWith(fault);
  }
}
