package dev.twinstream.dedup;

import dev.twinstream.metrics.Counters;
import dev.twinstream.schemas.internal.BucketRequest;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Moves bucket requests through a {@link BucketEngine}. */
final class BucketProcessor implements Processor<Long, BucketRequest, Object, Object> {
  private final DedupParameters parameters;
  private final int maxRecordBytes;
  private ForwardingOutbox outbox;
  private BucketEngine engine;
  private Sensor dropped;
  private Sensor full;
  private long reportedDropped;
  private long reportedFull;

  BucketProcessor(DedupParameters parameters, int maxRecordBytes) {
    this.parameters = parameters;
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(DedupTopology.BUCKETS);
    outbox = new ForwardingOutbox(context, DedupTopology.FROM_BUCKETS, maxRecordBytes);
    BucketEngine.BucketStore buckets =
        new BucketCache(new KafkaBucketStore(store), parameters.bucketBytes());
    reportedDropped = 0;
    reportedFull = 0;
    engine = new BucketEngine(buckets, outbox, parameters.bucketCap());
    dropped = Counters.counter(context, "postings-dropped", "postings that full buckets dropped");
    full = Counters.counter(context, "buckets-full", "buckets that became full");
  }

  @Override
  public void process(Record<Long, BucketRequest> input) {
    outbox.at(input.timestamp());
    engine.handle(input.value());
    if (engine.dropped() > reportedDropped) {
      dropped.record(engine.dropped() - reportedDropped);
      reportedDropped = engine.dropped();
    }
    if (engine.full() > reportedFull) {
      full.record(engine.full() - reportedFull);
      reportedFull = engine.full();
    }
  }

  private record KafkaBucketStore(KeyValueStore<Bytes, byte[]> store)
      implements BucketEngine.BucketStore {
    @Override
    public byte[] get(int key) {
      return store.get(StoreKeys.bucket(key));
    }

    @Override
    public void put(int key, byte[] addressesOrNull) {
      store.put(StoreKeys.bucket(key), addressesOrNull);
    }
  }
}
