package dev.twinstream.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Ids as single lines of text. */
final class Ids {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Ids() {}

  static String escape(String id) throws JsonProcessingException {
    return JSON.writeValueAsString(id);
  }

  static String unescape(String line) throws JsonProcessingException {
    return JSON.readValue(line, String.class);
  }
}
