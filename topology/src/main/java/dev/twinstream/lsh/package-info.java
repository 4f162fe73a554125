/**
 * Hash families for similarity search, pure Java: the same text gives the same keys on any machine.
 * Everything that shapes a key is part of an epoch and pinned by known-answer tests.
 */
package dev.twinstream.lsh;
