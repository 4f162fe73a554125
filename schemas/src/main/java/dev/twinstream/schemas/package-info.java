/**
 * The contract with the outside: Avro records (generated from {@code src/main/avro}) and the topic
 * names. Records under {@code internal} never leave the application's own topics and stores.
 */
package dev.twinstream.schemas;
