package dev.twinstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.Document;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class BinaryAvroSerdeTest {
  private final BinaryAvroSerde<Document> serde = new BinaryAvroSerde<>(Document.class);
  private final Serializer<Document> serializer = serde.serializer();
  private final Deserializer<Document> deserializer = serde.deserializer();

  static Document document(String id, String text) {
    return Document.newBuilder().setId(id).setText(text).setPublishedAt(-5L).build();
  }

  @Test
  void shouldReadWhatItWrote() {
    Document document = document("a", "grüße 😀");
    byte[] bytes = serializer.serialize("t", document);

    assertThat(deserializer.deserialize("t", bytes)).isEqualTo(document);
    assertThat(serializer.serialize("t", deserializer.deserialize("t", bytes))).isEqualTo(bytes);
  }

  @Test
  void shouldPassNullThrough() {
    assertThat(serializer.serialize("t", null)).isNull();
    assertThat(deserializer.deserialize("t", null)).isNull();
  }

  @Test
  void shouldRefuseTruncatedBytesAtEveryLength() {
    byte[] bytes = serializer.serialize("t", document("a", "some text"));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatExceptionOfType(SerializationException.class)
          .isThrownBy(() -> deserializer.deserialize("t", cut))
          .withMessageContaining("t: found " + length + " bytes that are no Document");
    }
    assertThat(deserializer.deserialize("t", bytes)).isEqualTo(document("a", "some text"));
  }

  @Test
  void shouldRefuseBytesLeftOver() {
    byte[] bytes = serializer.serialize("t", document("a", "b"));

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> deserializer.deserialize("t", Arrays.copyOf(bytes, bytes.length + 1)))
        .withMessageContaining("left over");
  }

  @Test
  void shouldRefuseALengthBeyondTheBytesWithoutTakingTheMemory() {
    byte[] hugeId = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0d};

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> deserializer.deserialize("t", hugeId));
  }

  @Test
  void shouldWriteCleanlyAfterAFailedWrite() {
    Document document = document("a", "b");
    byte[] expected = serializer.serialize("t", document);
    Document noId = new Document();
    noId.setText("x".repeat(5000));

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("t", noId))
        .withMessageContaining("t: cannot write a Document");
    assertThat(serializer.serialize("t", document)).isEqualTo(expected);
  }

  @Test
  void shouldHandleRecordsBeyondTheKeptBuffer() {
    Document big = document("big", "x".repeat(3 << 20));
    Document small = document("small", "y");

    byte[] bigBytes = serializer.serialize("t", big);
    byte[] smallBytes = serializer.serialize("t", small);

    assertThat(deserializer.deserialize("t", bigBytes)).isEqualTo(big);
    assertThat(deserializer.deserialize("t", smallBytes)).isEqualTo(small);
  }

  @Test
  void shouldServeSeveralThreads() {
    boolean allEqual =
        IntStream.range(0, 20_000)
            .parallel()
            .mapToObj(i -> document("id" + i, "text ".repeat(i % 50)))
            .allMatch(d -> deserializer.deserialize("t", serializer.serialize("t", d)).equals(d));

    assertThat(allEqual).isTrue();
  }
}
