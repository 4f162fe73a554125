"""What is wrong with what a user gave."""

from __future__ import annotations


class TrainingError(ValueError):
    """Text, teacher, labels or options that cannot be trained on; the message says what to do."""
