/**
 * Near-duplicates on a stream. {@link dev.twinstream.dedup.DocumentEngine} and {@link
 * dev.twinstream.dedup.BucketEngine} hold the logic and know no Kafka; the processors move data
 * between them and Kafka Streams; {@link dev.twinstream.dedup.DedupTopology} wires the nodes.
 *
 * <p>A document's partition sends its bucket keys, one message a bucket partition. Each answers
 * once, with the candidates it knows. Each candidate is asked, on its own partition, whether it is
 * a twin, and both sides keep the link. When all have answered, the document's verdict is
 * published; it is revised when a link to an earlier document comes or goes.
 */
package dev.twinstream.dedup;
