/** The application: configuration, runner and the commands of {@code ./twinstream}. */
package dev.twinstream.app;
