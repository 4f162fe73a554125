/** Measures of quality against labelled data: pure, no Kafka. */
package dev.twinstream.evaluate;
