"""Measures of an encoder on labelled sets, each with a bootstrap interval."""
