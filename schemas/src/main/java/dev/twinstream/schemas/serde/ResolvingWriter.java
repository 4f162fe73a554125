package dev.twinstream.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Writes records of one schema in another, as Avro would read them into it: fields that the other
 * lacks are left out, those that it has beyond ours get their defaults. Safe for use by several
 * threads.
 */
final class ResolvingWriter<T extends SpecificRecord> implements DatumWriter<T> {
  private final Schema from;
  private final Schema to;

  /**
   * @throws SerializationException where records cannot be read that way; it says why
   */
  ResolvingWriter(Schema from, Schema to) {
    SchemaPairCompatibility found = SchemaCompatibility.checkReaderWriterCompatibility(to, from);
    if (found.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new SerializationException(
          "the latest registered schema cannot take a "
              + from.getFullName()
              + ": "
              + found.getResult().getIncompatibilities());
    }
    this.from = from;
    this.to = to;
  }

  /** Both schemas are fixed. */
  @Override
  public void setSchema(Schema schema) {
    throw new UnsupportedOperationException("the schema is " + to.getFullName());
  }

  @Override
  public void write(T value, Encoder out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new SpecificDatumWriter<T>(from).write(value, encoder);
    encoder.flush();
    Object resolved =
        new GenericDatumReader<>(from, to)
            .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    new GenericDatumWriter<>(to).write(resolved, out);
  }
}
