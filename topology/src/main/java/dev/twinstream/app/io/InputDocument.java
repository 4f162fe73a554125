package dev.twinstream.app.io;

/**
 * A row of the input.
 *
 * @param text null where deleted
 * @param publishedAt milliseconds since 1970, or null
 * @param scope or null
 * @param file where it stands
 * @param line the line there, from 1
 */
public record InputDocument(
    String id,
    String text,
    Long publishedAt,
    String scope,
    boolean deleted,
    String file,
    long line) {}
