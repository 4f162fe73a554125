/** Encoding: micro-batches of documents through the Reformer, and the encodings' bucket keys. */
package dev.twinstream.encode;
