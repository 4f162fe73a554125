package dev.twinstream.dedup;

import dev.twinstream.metrics.Counters;
import dev.twinstream.schemas.internal.Bucket;
import dev.twinstream.schemas.internal.BucketRequest;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Moves bucket requests through a {@link BucketEngine}. */
final class BucketProcessor implements Processor<String, BucketRequest, String, Object> {
  private final DedupParameters parameters;
  private ForwardingOutbox outbox;
  private BucketEngine engine;
  private Sensor dropped;
  private long reported;

  BucketProcessor(DedupParameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    KeyValueStore<Long, Bucket> store = context.getStateStore(DedupTopology.BUCKETS);
    outbox = new ForwardingOutbox(context, DedupTopology.ANSWERS);
    engine =
        new BucketEngine(
            new BucketEngine.BucketStore() {
              @Override
              public Bucket get(long key) {
                return store.get(key);
              }

              @Override
              public void put(long key, Bucket bucketOrNull) {
                store.put(key, bucketOrNull);
              }
            },
            outbox,
            parameters.retentionMillis(),
            parameters.bucketCap());
    dropped = Counters.counter(context, "postings-dropped", "postings that full buckets dropped");
  }

  @Override
  public void process(Record<String, BucketRequest> input) {
    outbox.at(input.timestamp());
    engine.handle(input.value());
    if (engine.dropped() > reported) {
      dropped.record(engine.dropped() - reported);
      reported = engine.dropped();
    }
  }
}
