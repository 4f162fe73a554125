package dev.twinstream.app;

import picocli.CommandLine.Option;

/** The options of commands that read rows and write rows. */
final class RowOptions {
  @Option(
      names = "--input",
      required = true,
      paramLabel = "F",
      description =
          "JSON lines {id, text} (.jsonl, also .gz or .xz), a folder, or - for standard input")
  String input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "F",
      description = "JSON lines (.gz and .xz compress), or - for standard output")
  String output;

  @Option(names = "--strict", description = "exit with 3 if a row could not be processed")
  boolean strict;

  /**
   * The command's exit status.
   *
   * @param good rows that were not bad
   */
  int exitStatus(BadRows badRows, long good) {
    return badRows.exitStatus(strict, good);
  }
}
