package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.Asker;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.Compare;
import dev.twinstream.schemas.internal.Compared;
import dev.twinstream.schemas.internal.ContentMessage;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.CopyArrived;
import dev.twinstream.schemas.internal.Decision;
import dev.twinstream.schemas.internal.Head;
import dev.twinstream.schemas.internal.Match;
import dev.twinstream.schemas.internal.Sketch;
import dev.twinstream.schemas.internal.Sync;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

/** Messages whose lists outgrow a record come in parts, and none is taken for the whole. */
class MessagePartsTest {
  private static final TwinDecision DECISION = new TwinDecision(TwinModel.STANDARD, 0.5);
  private static final int MANY = 2 * MessageParts.CANDIDATES + 50;
  private static final DedupParameters ONE_PARTITION =
      new DedupParameters(
          3,
          128,
          16,
          0.5,
          0.5,
          0.5,
          1,
          1,
          Long.MAX_VALUE,
          Long.MAX_VALUE / 4,
          100_000,
          1 << 20,
          false,
          true,
          false);
  private static final ContentKeys ONE_KEY =
      new ContentKeys() {
        @Override
        public long[] keys(Sketch sketch) {
          return new long[] {7};
        }

        @Override
        public Looked looked(Sketch sketch) {
          return new Looked(keys(sketch), new long[0]);
        }

        @Override
        public List<Long> shared(Sketch stored, Sketch newcomer) {
          return List.of(7L);
        }
      };

  /** Keeps what is sent. */
  private static final class Sent implements ContentOutbox {
    private final List<Object> toContents = new ArrayList<>();
    private final List<Object> toDocuments = new ArrayList<>();

    @Override
    public void toContent(long address, Object payload) {
      toContents.add(payload);
    }

    @Override
    public void toContentPartition(int partition, Object payload) {
      toContents.add(payload);
    }

    @Override
    public void toDocument(String id, Object payload) {
      toDocuments.add(payload);
    }

    @Override
    public void toBuckets(BucketRequest request) {}

    @Override
    public void answer(String questionId, Verdict verdict) {
      throw new AssertionError("nobody has asked");
    }

    List<Object> takeToContents() {
      List<Object> taken = List.copyOf(toContents);
      toContents.clear();
      return taken;
    }
  }

  private static ContentEngine engine(Sent sent) {
    return new ContentEngine(
        new InMemoryContentStore(),
        sent,
        ONE_KEY,
        DECISION,
        ONE_PARTITION,
        new ContentRecall(
            new dev.twinstream.recall.OwnRecall(),
            RecallParameters.OFF,
            ONE_KEY,
            DECISION,
            ONE_PARTITION));
  }

  @Test
  void shouldAnswerInPartsFromALargeBucket() {
    Sent sent = new Sent();
    BucketEngine buckets = new BucketEngine(new InMemoryBucketStore(), sent, 10);
    List<Long> keys = LongStream.range(0, MANY / 10).boxed().toList();
    for (long address = 0; address < MANY; address++) {
      Asker asker = new Asker(address, 1L, null);
      buckets.handle(new BucketRequest(asker, 0, false, List.of(address / 10), List.of()));
    }
    sent.takeToContents();
    buckets.handle(new BucketRequest(new Asker(MANY + 1L, 1L, "q"), 0, false, List.of(), keys));
    TreeSet<Long> found = new TreeSet<>();
    List<Boolean> more = new ArrayList<>();
    for (Object payload : sent.takeToContents()) {
      BucketAnswer answer = (BucketAnswer) payload;
      long[] named = PackedAddresses.unpack(answer.getCandidates());
      assertThat(named).hasSizeLessThanOrEqualTo(MessageParts.CANDIDATES);
      LongStream.of(named).forEach(found::add);
      more.add(answer.getMore());
    }
    assertThat(found).hasSize(MANY / 10 * 10);
    assertThat(more).containsExactly(true, true, false);
  }

  @Test
  void shouldDecideAfterTheLastPart() {
    Sent sent = new Sent();
    ContentEngine engine = engine(sent);
    Copy copy = new Copy("d", 1L, 0L);
    engine.receive(3, new CopyArrived(copy, Simulation.sketch("a text of some words"), List.of()));
    Asker asker = new Asker(3L, 1L, null);
    long[] first = LongStream.range(100, 100 + MessageParts.CANDIDATES).toArray();
    engine.receive(3, new BucketAnswer(asker, 0, PackedAddresses.pack(first), true));
    assertThat(sent.takeToContents()).isEmpty();
    engine.receive(3, new BucketAnswer(asker, 0, PackedAddresses.pack(1, 2), false));
    List<Object> compares = sent.takeToContents();
    assertThat(compares).hasSize(2);
    assertThat(((Compare) compares.get(0)).getMore()).isTrue();
    assertThat(((Compare) compares.get(1)).getMore()).isFalse();
    engine.receive(0, compares.get(0));
    engine.receive(3, sent.takeToContents().get(0));
    assertThat(sent.toDocuments).as("candidates are still compared").isEmpty();
    engine.receive(0, compares.get(1));
    engine.receive(3, sent.takeToContents().get(0));
    assertThat(sent.toDocuments).hasSize(1);
    assertThat(((Decision) sent.toDocuments.get(0)).getTwin()).isNull();
  }

  @Test
  void shouldReportMatchesInParts() {
    Sent sent = new Sent();
    ContentEngine engine = engine(sent);
    Sketch sketch = Simulation.sketch("a text of some words");
    String longId = "d".repeat(1000);
    long[] candidates = LongStream.range(10, 410).toArray();
    for (long address : candidates) {
      engine.receive(address, new CopyArrived(new Copy(longId, 1L, 0L), sketch, List.of()));
    }
    List<Head> heads = List.of(new Head(new Copy("z", 1L, 1L), List.of()));
    ByteBuffer packed = PackedAddresses.pack(candidates);
    engine.receive(0, new Compare(new Asker(3L, 1L, null), 0, packed, sketch, heads, false));
    List<Long> found = new ArrayList<>();
    List<Object> parts = sent.takeToContents();
    assertThat(parts).hasSizeGreaterThan(2);
    for (Object payload : parts) {
      Compared part = (Compared) payload;
      assertThat(MessageParts.bytes(part)).isLessThan(2L * MessageParts.BYTES);
      assertThat(part.getMore()).isEqualTo(payload != parts.get(parts.size() - 1));
      part.getMatches().stream().map(Match::getAddress).forEach(found::add);
    }
    assertThat(found).containsExactly(LongStream.of(candidates).boxed().toArray(Long[]::new));
  }

  @Test
  void shouldDropAMessageThatNoTopicTakes() {
    MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    ForwardingOutbox outbox = new ForwardingOutbox(context, "contents", 10_000);
    List<Head> heads = new ArrayList<>();
    outbox.toContent(1, new Sync(2L, 1L, heads, List.of()));
    for (int i = 0; i < 100; i++) {
      heads.add(new Head(new Copy("d".repeat(90), 1L, 0L), List.of()));
    }
    outbox.toContent(1, new Sync(2L, 1L, heads, List.of()));
    assertThat(context.forwarded()).hasSize(1);
    ContentMessage sent = (ContentMessage) context.forwarded().get(0).record().value();
    assertThat(((Sync) sent.getPayload()).getAddress()).isEqualTo(2);
    assertThat(
            context.metrics().metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("oversized-messages-total"))
                .map(metric -> metric.getValue().metricValue()))
        .containsExactly(1.0);
  }

  @Test
  void shouldAnswerAlsoWhereTheMatchesAreTooLarge() {
    MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    ForwardingOutbox outbox = new ForwardingOutbox(context, "contents", 10_000);
    Sent sent = new Sent();
    ContentEngine engine = engine(sent);
    Sketch sketch = Simulation.sketch("a text of some words");
    for (long address = 10; address < 20; address++) {
      Copy copy = new Copy("d".repeat(1000) + address, 1L, 0L);
      engine.receive(address, new CopyArrived(copy, sketch, List.of()));
    }
    sent.takeToContents();
    ByteBuffer candidates = PackedAddresses.pack(LongStream.range(10, 20).toArray());
    List<Head> heads = List.of(new Head(new Copy("z", 1L, 1L), List.of()));
    engine.receive(0, new Compare(new Asker(3L, 1L, null), 0, candidates, sketch, heads, false));
    List<Object> answers = sent.takeToContents();
    assertThat(answers).hasSize(1);
    assertThat(((Compared) answers.get(0)).getMatches()).hasSize(10);
    outbox.toContent(3, answers.get(0));
    assertThat(context.forwarded()).hasSize(1);
    ContentMessage answer = (ContentMessage) context.forwarded().get(0).record().value();
    assertThat(((Compared) answer.getPayload()).getMatches()).isEmpty();
  }
}
