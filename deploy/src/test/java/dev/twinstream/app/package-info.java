/** Tests that hold what is deployed against parts of the application that are not public. */
package dev.twinstream.app;
