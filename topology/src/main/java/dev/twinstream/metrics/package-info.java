/** Metrics under the group {@code twinstream}. */
package dev.twinstream.metrics;
