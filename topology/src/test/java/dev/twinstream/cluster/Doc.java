package dev.twinstream.cluster;

import dev.twinstream.schemas.internal.EdgeChange;
import java.util.Arrays;
import java.util.List;

/** A document of the tests. */
record Doc(String scope, String id, long eventTime) {
  static Doc of(int number) {
    return new Doc(null, "d" + number, number);
  }

  EdgeChange pointingTo(long revision, Doc twinOrNull) {
    return new EdgeChange(
        scope,
        id,
        eventTime,
        revision,
        twinOrNull == null ? null : twinOrNull.id,
        twinOrNull == null ? null : Long.valueOf(twinOrNull.eventTime),
        true);
  }

  EdgeChange gone(long revision) {
    return new EdgeChange(scope, id, eventTime, revision, null, null, false);
  }

  static List<String> key(String scope, String id) {
    return Arrays.asList(scope, id);
  }
}
