package dev.twinstream.lsh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Cryptographic hashes: nobody can make two things that have the same one. */
public final class Digests {
  /** Of a billion ids two share so many bytes with a probability under 10^-11. */
  private static final int ID_BYTES = 12;

  private Digests() {}

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Stands for a document's id where the id itself need not be read back; ids are long. */
  public static byte[] ofId(byte[] id) {
    return Arrays.copyOf(sha256(id), ID_BYTES);
  }
}
