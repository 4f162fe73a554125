package dev.twinstream.dedup;

import dev.twinstream.lsh.BBitSignature;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;

/**
 * The signatures of a partition's contents, in memory. Most candidates share nothing but a bucket
 * with the text that asks, and their number grows with the stream; a signature tells them apart at
 * a small part of what reading the content from its store costs.
 *
 * <p>A table that grows with what is put into it, up to a limit; from then on a content whose set
 * is full takes the place of another. What is not here is read from the store, so nothing hangs on
 * what has found room.
 */
final class SignatureCache {
  private static final int FIRST_PLACES = 256;

  /** Scope and shingles stand before the signature: what is read together lies together. */
  private static final int SHINGLES_AT = Long.BYTES;

  private static final int SIGNATURE_AT = SHINGLES_AT + Integer.BYTES;

  private final int components;
  private final int signatureBytes;
  private final int recordBytes;
  private final int mostPlaces;
  private Places places = new Places(0);
  private ByteBuffer records = ByteBuffer.allocate(0);

  /**
   * @param components of a signature
   * @param bytes of heap at most; with less than eight signatures take nothing is kept
   */
  SignatureCache(int components, long bytes) {
    this.components = components;
    this.signatureBytes = (components + 1) / 2;
    this.recordBytes = SIGNATURE_AT + signatureBytes;
    long most = Math.min(bytes / (Long.BYTES + recordBytes), Integer.MAX_VALUE / 2 / recordBytes);
    this.mostPlaces = Places.wholeSets(most);
  }

  /** Keeps a content's signature. One with samples of its parts is not told apart by it alone. */
  void put(long address, Sketch sketch) {
    if (sketch.getParts() != null || mostPlaces == 0) {
      return;
    }
    if (places.crowded() && places.count() < mostPlaces) {
      grow();
    }
    ByteBuffer signature = sketch.getSignature();
    place(address, sketch.getScope(), sketch.getShingles(), signature, signature.position());
  }

  private void place(long address, long scope, int shingleCount, ByteBuffer from, int fromIndex) {
    int at = places.take(address) * recordBytes;
    records.putLong(at, scope).putInt(at + SHINGLES_AT, shingleCount);
    records.put(at + SIGNATURE_AT, from, fromIndex, signatureBytes);
  }

  private void grow() {
    Places before = places;
    ByteBuffer recordsBefore = records;
    places = new Places(Math.min(mostPlaces, Math.max(FIRST_PLACES, 2 * before.count())));
    records = ByteBuffer.allocate(places.count() * recordBytes);
    for (int i = 0; i < before.count(); i++) {
      if (before.taken(i)) {
        int to = places.take(before.key(i)) * recordBytes;
        records.put(to, recordsBefore, i * recordBytes, recordBytes);
      }
    }
  }

  void remove(long address) {
    int place = places.find(address);
    if (place >= 0) {
      places.leave(place);
    }
  }

  /** Where an address's signature is; negative where it is not kept. */
  int find(long address) {
    return places.find(address);
  }

  long scope(int place) {
    return records.getLong(place * recordBytes);
  }

  /** How alike the content at a place and another text are. */
  Evidence evidence(int place, Sketch other) {
    int at = place * recordBytes;
    records.position(at + SIGNATURE_AT);
    int matches = BBitSignature.matches(records, other.getSignature(), components);
    int shingles = records.getInt(at + SHINGLES_AT);
    return new Evidence(matches, components, shingles, other.getShingles(), null, null);
  }

  /** Places there are. */
  int places() {
    return places.count();
  }

  /** Places taken. */
  int used() {
    return places.used();
  }
}
