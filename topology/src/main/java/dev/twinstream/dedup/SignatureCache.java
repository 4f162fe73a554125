package dev.twinstream.dedup;

import dev.twinstream.lsh.BBitSignature;
import dev.twinstream.lsh.Mixer;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;

/**
 * The signatures of a partition's contents, in memory. Most candidates share nothing but a bucket
 * with the text that asks, and their number grows with the stream; a signature tells them apart at
 * a small part of what reading the content from its store costs.
 *
 * <p>A table of sets of four places that grows with what is put into it, up to a limit; from then
 * on a content whose set is full takes the place of another. What is not here is read from the
 * store, so nothing hangs on what has found room.
 */
final class SignatureCache {
  private static final int WAYS = 4;
  private static final int FIRST_SETS = 64;

  /** What a place takes beside the signature: address, scope, shingles. */
  private static final int PLACE_BYTES = Long.BYTES + Long.BYTES + Integer.BYTES;

  private final int components;
  private final int signatureBytes;
  private final int mostSets;
  private int used;

  /** Addresses plus 1; 0 where a place is empty. */
  private long[] occupants = new long[0];

  private long[] scopes = new long[0];
  private int[] shingles = new int[0];
  private ByteBuffer signatures = ByteBuffer.allocate(0);

  /**
   * @param components of a signature
   * @param bytes of heap at most; with less than a set takes nothing is kept
   */
  SignatureCache(int components, long bytes) {
    this.components = components;
    this.signatureBytes = (components + 1) / 2;
    long places =
        Math.min(bytes / (PLACE_BYTES + signatureBytes), Integer.MAX_VALUE / 2 / signatureBytes);
    this.mostSets = (int) (places / WAYS);
  }

  /** Keeps a content's signature. One with samples of its parts is not told apart by it alone. */
  void put(long address, Sketch sketch) {
    if (sketch.getParts() != null || mostSets == 0) {
      return;
    }
    if (used >= occupants.length / 2 && occupants.length < mostSets * WAYS) {
      grow();
    }
    ByteBuffer signature = sketch.getSignature();
    place(address, sketch.getScope(), sketch.getShingles(), signature, signature.position());
  }

  private void place(long address, long scope, int shingleCount, ByteBuffer from, int at) {
    int place = find(address);
    if (place < 0) {
      place = free(address);
      used += occupants[place] == 0 ? 1 : 0;
    }
    occupants[place] = address + 1;
    scopes[place] = scope;
    shingles[place] = shingleCount;
    signatures.put(place * signatureBytes, from, at, signatureBytes);
  }

  /** An empty place of an address's set, or one of them whoever has it. */
  private int free(long address) {
    int first = firstOfSet(address);
    for (int place = first; place < first + WAYS; place++) {
      if (occupants[place] == 0) {
        return place;
      }
    }
    return first + (int) (Mixer.mix(address) & (WAYS - 1));
  }

  private int firstOfSet(long address) {
    long sets = occupants.length / WAYS;
    return (int) ((Mixer.mix(address) >>> Integer.SIZE) * sets >>> Integer.SIZE) * WAYS;
  }

  private void grow() {
    long[] addressesBefore = occupants;
    long[] scopesBefore = scopes;
    int[] shinglesBefore = shingles;
    ByteBuffer signaturesBefore = signatures;
    int places = WAYS * Math.min(mostSets, Math.max(FIRST_SETS, 2 * addressesBefore.length / WAYS));
    occupants = new long[places];
    scopes = new long[places];
    shingles = new int[places];
    signatures = ByteBuffer.allocate(places * signatureBytes);
    used = 0;
    for (int i = 0; i < addressesBefore.length; i++) {
      if (addressesBefore[i] != 0) {
        place(
            addressesBefore[i] - 1,
            scopesBefore[i],
            shinglesBefore[i],
            signaturesBefore,
            i * signatureBytes);
      }
    }
  }

  void remove(long address) {
    int place = find(address);
    if (place >= 0) {
      occupants[place] = 0;
      used--;
    }
  }

  /** Where an address's signature is; negative where it is not kept. */
  int find(long address) {
    if (occupants.length == 0) {
      return -1;
    }
    int first = firstOfSet(address);
    for (int place = first; place < first + WAYS; place++) {
      if (occupants[place] == address + 1) {
        return place;
      }
    }
    return -1;
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
    return occupants.length;
  }

  /** Places taken. */
  int used() {
    return used;
  }
}
