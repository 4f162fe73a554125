package dev.twinstream.app;

import picocli.CommandLine.Command;

/** {@code evaluate}: quality on labelled data. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Measures quality on labelled data.",
    subcommands = {EvaluateNearDuplicatesCommand.class})
final class EvaluateCommand {}
