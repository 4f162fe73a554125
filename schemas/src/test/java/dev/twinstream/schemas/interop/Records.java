package dev.twinstream.schemas.interop;

import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.PairMark;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Mark;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Records that have between them every type that the public schemas use. */
final class Records {
  static final Document DOCUMENT = new Document("a", "grüße 😀", -5L, null, false);
  static final PairMark MARK = new PairMark("a", "b", Mark.not_twins);
  static final Verdict VERDICT =
      Verdict.newBuilder()
          .setId("b")
          .setVersion(1)
          .setRevision(2)
          .setEventTime(-7)
          .setVerdict(VerdictKind.near)
          .setDuplicateOf("a")
          .setProbability(0.75)
          .setKeys(List.of(3L, -(1L << 40)))
          .build();
  static final Encoding ENCODING =
      new Encoding("a", 9L, 3, true, "checksum", List.of(0.5f, -0.25f), List.of(11L));
  static final DeadLetter DEAD_LETTER =
      new DeadLetter(
          "documents",
          3,
          1L << 33,
          "not JSON",
          null,
          ByteBuffer.wrap(new byte[] {0, 127, -128}),
          3L);

  static final List<SpecificRecord> ALL = List.of(DOCUMENT, MARK, VERDICT, ENCODING, DEAD_LETTER);

  private Records() {}
}
