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

  /** What a place takes beside the signature: address, scope, shingles. */
  private static final int PLACE_BYTES = Long.BYTES + Long.BYTES + Integer.BYTES;

  private final int components;
  private final int signatureBytes;
  private final int mostPlaces;
  private Places places = new Places(0);
  private long[] scopes = new long[0];
  private int[] shingles = new int[0];
  private ByteBuffer signatures = ByteBuffer.allocate(0);

  /**
   * @param components of a signature
   * @param bytes of heap at most; with less than eight signatures take nothing is kept
   */
  SignatureCache(int components, long bytes) {
    this.components = components;
    this.signatureBytes = (components + 1) / 2;
    long most =
        Math.min(bytes / (PLACE_BYTES + signatureBytes), Integer.MAX_VALUE / 2 / signatureBytes);
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

  private void place(long address, long scope, int shingleCount, ByteBuffer from, int at) {
    int place = places.take(address);
    scopes[place] = scope;
    shingles[place] = shingleCount;
    signatures.put(place * signatureBytes, from, at, signatureBytes);
  }

  private void grow() {
    Places before = places;
    long[] scopesBefore = scopes;
    int[] shinglesBefore = shingles;
    ByteBuffer signaturesBefore = signatures;
    places = new Places(Math.min(mostPlaces, Math.max(FIRST_PLACES, 2 * before.count())));
    scopes = new long[places.count()];
    shingles = new int[places.count()];
    signatures = ByteBuffer.allocate(places.count() * signatureBytes);
    for (int i = 0; i < before.count(); i++) {
      if (before.taken(i)) {
        place(
            before.key(i),
            scopesBefore[i],
            shinglesBefore[i],
            signaturesBefore,
            i * signatureBytes);
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
    return scopes[place];
  }

  /** How alike the content at a place and another text are. */
  Evidence evidence(int place, Sketch other) {
    signatures.position(place * signatureBytes);
    int matches = BBitSignature.matches(signatures, other.getSignature(), components);
    return new Evidence(matches, components, shingles[place], other.getShingles(), null, null);
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
