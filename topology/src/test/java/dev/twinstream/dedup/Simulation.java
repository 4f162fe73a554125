package dev.twinstream.dedup;

import dev.twinstream.cluster.ClusterEngine;
import dev.twinstream.cluster.ClusterOutbox;
import dev.twinstream.cluster.InMemoryClusterStore;
import dev.twinstream.lsh.Banding;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.lsh.Markup;
import dev.twinstream.lsh.PartSketcher;
import dev.twinstream.recall.OwnRecall;
import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.EdgeChange;
import dev.twinstream.schemas.internal.Mark;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.PairMarked;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The engines on several partitions, without Kafka: messages between two partitions keep their
 * order, and nothing else does.
 */
final class Simulation {
  /** Some contents are decided at once, some later. */
  private static final int MANY_LINKS = 3;

  /** Room for a few signatures and buckets a partition: many are read from the stores. */
  private static final long CANDIDATES_BYTES = 3 * 3 * 336;

  static final int PARTITIONS = 3;
  static final LexicalSketcher SKETCHER = new LexicalSketcher(3, 128, new Banding(16, 4), 1, 0);
  static final PartSketcher PARTS = new PartSketcher(1);

  /** One that also looks for texts inside others. */
  static final LexicalSketcher WITH_PARTS =
      new LexicalSketcher(3, 128, new Banding(16, 4), 1, 0, PARTS, Markup.KEEP);

  private final Random random;
  private final TwinDecision decision;
  private final DedupParameters parameters;
  private final ContentKeys keys;
  private final RecallParameters recall;
  private final LexicalSketcher sketcher;
  private final Addresses addresses;
  private final List<InMemoryContentStore> contentStores = new ArrayList<>();
  private final List<InMemoryDocumentStore> documentStores = new ArrayList<>();
  private final List<InMemoryBucketStore> bucketStores = new ArrayList<>();
  private final InMemoryClusterStore clusterStore = new InMemoryClusterStore();
  private final ContentEngine[] contents = new ContentEngine[PARTITIONS];
  private final DocumentEngine[] documents = new DocumentEngine[PARTITIONS];
  private final BucketEngine[] buckets = new BucketEngine[PARTITIONS];
  private final TreeMap<String, Queue<Runnable>> channels = new TreeMap<>();
  private ClusterEngine clusterEngine;

  /** By bucket engines that are no more. */
  private long droppedBefore;

  final Map<String, String> members = new HashMap<>();
  final Map<String, Cluster> clusters = new HashMap<>();
  final Map<String, Verdict> verdicts = new HashMap<>();
  final Map<String, Verdict> answers = new HashMap<>();
  final Map<String, Integer> published = new HashMap<>();
  final OwnRecall counted = new OwnRecall();
  long ingested;

  /** One step in so many makes the engines of a partition anew, over their stores; 0 = none. */
  int restartOneIn;

  /** Of a text, packed; null for one that has none. */
  Function<String, ByteBuffer> encoder = text -> null;

  Simulation(Random random, long retentionMillis, TwinDecision decision, ContentKeys keys) {
    this(random, retentionMillis, decision, keys, RecallParameters.OFF, SKETCHER, Addresses.HASHED);
  }

  Simulation(
      Random random,
      long retentionMillis,
      TwinDecision decision,
      ContentKeys keys,
      RecallParameters recall,
      LexicalSketcher sketcher,
      Addresses addresses) {
    this(random, retentionMillis, decision, keys, recall, sketcher, addresses, 1000);
  }

  Simulation(
      Random random,
      long retentionMillis,
      TwinDecision decision,
      ContentKeys keys,
      RecallParameters recall,
      LexicalSketcher sketcher,
      Addresses addresses,
      int bucketCap) {
    this.random = random;
    this.decision = decision;
    this.keys = keys;
    this.recall = recall;
    this.sketcher = sketcher;
    this.addresses = addresses;
    this.parameters = parameters(retentionMillis, bucketCap);
    for (int p = 0; p < PARTITIONS; p++) {
      contentStores.add(new InMemoryContentStore());
      documentStores.add(new InMemoryDocumentStore());
      bucketStores.add(new InMemoryBucketStore());
      start(p);
    }
  }

  /** Makes the engines of a partition, which know what is in their stores. */
  private void start(int p) {
    contents[p] =
        new ContentEngine(
            contentStores.get(p),
            new Box("c" + p),
            keys,
            decision,
            parameters,
            new ContentRecall(counted, recall, keys, decision, parameters),
            addresses,
            MANY_LINKS);
    documents[p] =
        new DocumentEngine(
            documentStores.get(p),
            new Box("d" + p),
            sketcher,
            keys,
            decision,
            parameters,
            recall,
            addresses);
    droppedBefore += buckets[p] == null ? 0 : buckets[p].dropped();
    buckets[p] =
        new BucketEngine(
            new BucketCache(bucketStores.get(p), parameters.bucketBytes()),
            new Box("b" + p),
            parameters.bucketCap());
    clusterEngine = new ClusterEngine(clusterStore, new ClusterBox(), "c");
  }

  static DedupParameters parameters(long retentionMillis, int bucketCap) {
    return new DedupParameters(
        3,
        128,
        16,
        0.5,
        0.5,
        0.5,
        1,
        PARTITIONS,
        retentionMillis,
        Long.MAX_VALUE / 4,
        bucketCap,
        CANDIDATES_BYTES,
        false,
        true,
        false);
  }

  /** Puts an event of a document into the input; events of one document keep their order. */
  void send(Document document) {
    Arrival arrival = new Arrival(ingested++, document, encoding(document), false, null);
    int partition = Partitioning.ofDocument(document.getId(), PARTITIONS);
    channel("in", "d" + partition).add(() -> documents[partition].arrive(arrival));
  }

  void ask(Document question) {
    Arrival arrival = new Arrival(ingested++, question, encoding(question), true, null);
    int partition = Partitioning.ofDocument(question.getId(), PARTITIONS);
    documents[partition].arrive(arrival);
  }

  private ByteBuffer encoding(Document document) {
    return document.getDeleted() ? null : encoder.apply(document.getText());
  }

  void mark(String a, String b, Mark markOrNull) {
    toDocument("marks", a, new PairMarked(b, markOrNull));
    toDocument("marks", b, new PairMarked(a, markOrNull));
  }

  private void toDocument(String from, String id, Object payload) {
    int partition = Partitioning.ofDocument(id, PARTITIONS);
    channel(from, "d" + partition).add(() -> documents[partition].receive(id, payload));
  }

  private Queue<Runnable> channel(String from, String to) {
    return channels.computeIfAbsent(from + ">" + to, c -> new ArrayDeque<>());
  }

  /** Delivers one message, of a channel chosen by chance; false where none is left. */
  boolean step() {
    List<Queue<Runnable>> waiting =
        channels.values().stream().filter(queue -> !queue.isEmpty()).toList();
    if (waiting.isEmpty()) {
      return false;
    }
    if (restartOneIn > 0 && random.nextInt(restartOneIn) == 0) {
      start(random.nextInt(PARTITIONS));
    }
    waiting.get(random.nextInt(waiting.size())).remove().run();
    return true;
  }

  void run() {
    while (step()) {}
  }

  /** Links that contents have read to be decided, or to tell what has changed. */
  long linksRead() {
    return contentStores.stream().mapToLong(store -> store.linksRead).sum();
  }

  /** Copies that have left and that were passed over to find others. */
  long passedOver() {
    return contentStores.stream().mapToLong(store -> store.passedOver).sum();
  }

  /** Postings that full buckets did not keep. */
  long dropped() {
    return droppedBefore + Stream.of(buckets).mapToLong(BucketEngine::dropped).sum();
  }

  /** Records that stores without documents should not have. */
  int leftovers() {
    return contentStores.stream().mapToInt(InMemoryContentStore::leftovers).sum()
        + documentStores.stream().mapToInt(InMemoryDocumentStore::leftovers).sum()
        + bucketStores.stream().mapToInt(store -> store.rows.size()).sum()
        + (clusterStore.isEmpty() ? 0 : 1);
  }

  static Sketch sketch(String text) {
    return sketch(SKETCHER, text);
  }

  static Sketch sketch(LexicalSketcher sketcher, String text) {
    var lexical = sketcher.sketch(text, null);
    return new Sketch(
        0L,
        lexical.textHash2(),
        lexical.shingles(),
        ByteBuffer.wrap(lexical.signature()),
        null,
        PartSketches.sketch(lexical));
  }

  /** The earliest member of the document's cluster. */
  String cluster(String id) {
    String node = members.get(id);
    if (node == null) {
      return id;
    }
    Cluster cluster = clusters.get(node);
    while (cluster.getRedirect() != null) {
      cluster = clusters.get(cluster.getRedirect());
    }
    return cluster.getCanonical();
  }

  private final class ClusterBox implements ClusterOutbox {
    @Override
    public void assigned(NodeAssigned assigned) {
      Simulation.this.toDocument("cluster", assigned.getId(), assigned);
    }

    @Override
    public void cluster(String id, Cluster clusterOrNull) {
      clusters.put(id, clusterOrNull);
    }

    @Override
    public void stepLater() {
      channel("any", "cluster").add(() -> clusterEngine.step());
    }
  }

  private final class Box implements ContentOutbox, DocumentOutbox {
    private final String from;

    Box(String from) {
      this.from = from;
    }

    @Override
    public void toContent(long address, Object payload) {
      int partition = Partitioning.ofContent(address, PARTITIONS);
      channel(from, "c" + partition).add(() -> contents[partition].receive(address, payload));
    }

    @Override
    public void toContentPartition(int partition, Object payload) {
      channel(from, "c" + partition).add(() -> contents[partition].receive(0, payload));
    }

    @Override
    public void toDocument(String id, Object payload) {
      Simulation.this.toDocument(from, id, payload);
    }

    @Override
    public void toBuckets(BucketRequest request) {
      int partition = request.getPartition();
      channel(from, "b" + partition).add(() -> buckets[partition].handle(request));
    }

    @Override
    public void toClusters(EdgeChange change) {
      // One partition's log: what was sent first lies first, whoever sent it.
      channel("any", "cluster").add(() -> clusterEngine.change(change));
    }

    @Override
    public void verdict(String id, Verdict verdict) {
      verdicts.put(id, verdict);
      published.merge(id, 1, Integer::sum);
    }

    @Override
    public void encoding(String id, Encoding encoding) {
      throw new AssertionError("documents of this simulation have none to publish");
    }

    @Override
    public void clusterMember(String id, ClusterMember member) {
      members.put(id, member == null ? "none" : member.getCluster());
    }

    @Override
    public void answer(String questionId, Verdict verdict) {
      answers.put(questionId, verdict);
    }
  }
}
