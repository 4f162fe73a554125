/** Avro serdes: with the schema registry header for others, plain for ourselves. */
package dev.twinstream.schemas.serde;
