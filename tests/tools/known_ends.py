"""Prints how many ids of the yardstick are answered rightly, by maker and host, and each that is not."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.tools.yardstick.asking import ask_both
from warehouse.yardstick import FALSE, OTHER, OUTCOMES, UNKNOWN, Finding


def print_table(ways: Mapping[str, list[Finding]]) -> None:
    """Prints counts by maker or host, then what is not the same."""
    for way, findings in ways.items():
        print(f"\n{way:12}{'ids':>6}" + "".join(f"{outcome:>14}" for outcome in OUTCOMES))
        for group in [*dict.fromkeys(finding.group for finding in findings), "all"]:
            own = [finding.outcome for finding in findings if group in ("all", finding.group)]
            print(f"{group:12}{len(own):6}" + "".join(f"{own.count(outcome):14}" for outcome in OUTCOMES))
    for way, findings in ways.items():
        for outcome in (FALSE, OTHER, UNKNOWN):
            print(f"\n{way}: {outcome}", *(finding for finding in findings if finding.outcome == outcome), sep="\n  ")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print_table(ask_both(Path(made)))
