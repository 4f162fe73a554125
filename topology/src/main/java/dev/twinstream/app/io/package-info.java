/**
 * Documents in, rows out: JSON lines (plain, gzip, xz), folders of text files, standard streams.
 */
package dev.twinstream.app.io;
