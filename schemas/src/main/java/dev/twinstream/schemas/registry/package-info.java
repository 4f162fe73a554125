/** Clients of a Confluent-compatible schema registry. */
package dev.twinstream.schemas.registry;
