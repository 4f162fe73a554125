/** A real Kafka broker in this process, for the commands that need no cluster, and for tests. */
package dev.twinstream.app.broker;
