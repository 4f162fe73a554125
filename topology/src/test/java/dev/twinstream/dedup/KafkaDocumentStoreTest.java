package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.EventClock;
import dev.twinstream.schemas.internal.MarkState;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.Probe;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.junit.jupiter.api.Test;

class KafkaDocumentStoreTest {
  /** Notes where searches begin. */
  private static final class Watched extends InMemoryKeyValueStore {
    private final List<Bytes> begins = new ArrayList<>();

    Watched() {
      super(KafkaDocumentStore.EXPIRIES);
    }

    @Override
    public synchronized KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
      begins.add(from);
      return super.range(from, to);
    }
  }

  private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
  private final Watched expiries = new Watched();

  private <K, V> void add(String name, Serde<K> keys, Serde<V> values) {
    KeyValueStore<K, V> store =
        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, values)
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    context.addStateStore(store);
  }

  private KafkaDocumentStore store() {
    add(KafkaDocumentStore.DOCUMENTS, Serdes.Bytes(), new BinaryAvroSerde<>(DocumentState.class));
    add(KafkaDocumentStore.ASSIGNMENTS, Serdes.String(), new BinaryAvroSerde<>(NodeAssigned.class));
    add(KafkaDocumentStore.MARKS, Serdes.Bytes(), new BinaryAvroSerde<>(MarkState.class));
    add(KafkaDocumentStore.CLOCK, Serdes.String(), new BinaryAvroSerde<>(EventClock.class));
    add(KafkaDocumentStore.PROBES, Serdes.String(), new BinaryAvroSerde<>(Probe.class));
    context.addStateStore(expiries);
    return new KafkaDocumentStore(context);
  }

  private static TreeSet<Long> times(List<String> ids) {
    TreeSet<Long> times = new TreeSet<>();
    ids.forEach(id -> times.add(Long.valueOf(id)));
    return times;
  }

  @Test
  void shouldFindWhatExpiresWithoutWalkingOverWhatHasExpired() {
    KafkaDocumentStore store = store();
    Random random = new Random(3);
    TreeSet<Long> present = new TreeSet<>();
    long end = -1_000;
    for (int i = 0; i < 5_000; i++) {
      end += random.nextInt(3);
      // Most come behind the end, some before it, as late documents do.
      long time = end + random.nextInt(200) - 20;
      store.putExpiry(time, Long.toString(time), true);
      present.add(time);
      List<String> found = store.expiriesBefore(end, 5);
      TreeSet<Long> wanted = new TreeSet<>();
      present.headSet(end).stream().limit(5).forEach(wanted::add);
      assertThat(times(found)).isEqualTo(wanted);
      for (String id : found) {
        if (random.nextInt(4) > 0) { // some wait for their verdict
          store.putExpiry(Long.parseLong(id), id, false);
          present.remove(Long.valueOf(id));
        }
      }
    }
    Bytes last = expiries.begins.get(expiries.begins.size() - 1);
    assertThat(expiries.begins.subList(1, expiries.begins.size())).doesNotContainNull();
    assertThat(last).isGreaterThan(StoreKeys.expiry(end - 1_000, ""));
  }
}
