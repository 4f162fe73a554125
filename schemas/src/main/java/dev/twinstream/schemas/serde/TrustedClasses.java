package dev.twinstream.schemas.serde;

import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** Avro makes only classes that it is told to trust: those generated here are added to its list. */
final class TrustedClasses {
  private static final String OURS = "dev.twinstream.schemas.";

  static {
    ClassSecurityPredicate others = ClassSecurityValidator.getGlobal();
    ClassSecurityValidator.setGlobal(
        type -> type.getName().startsWith(OURS) || others.isTrusted(type));
  }

  private TrustedClasses() {}

  /** Takes effect at the first call. */
  static void trustOurs() {}
}
