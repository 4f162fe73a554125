"""Fits the rule that gives a document its near-duplicate verdict, on made-up streams of real text."""
