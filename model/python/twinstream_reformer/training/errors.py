"""What is wrong with what a user gave."""

from __future__ import annotations

import sys
from collections.abc import Callable


class TrainingError(ValueError):
    """Text, teacher, labels or options that cannot be trained on; the message says what to do."""


def in_a_line(program: str, main: Callable[[], int]) -> int:
    """Runs a program. What the user gave and it cannot use, or is not there, it says in a line; the status is 2 then."""
    try:
        return main()
    except (TrainingError, OSError) as error:
        print(f"{program}: {error}", file=sys.stderr)
        return 2
