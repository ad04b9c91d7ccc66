"""What a build prints of what came of it."""

import io

from rich.console import Console

from analytics.engine.build import BuildReport
from pipelines.commands.building import print_build
from pipelines.steps import RefreshResult
from warehouse.load import LoadReport


def _print(report: BuildReport) -> str:
    stated = io.StringIO()
    print_build(Console(file=stated, width=200), RefreshResult(LoadReport(), report))
    return stated.getvalue()


def test_a_build_counts_what_it_left_out_and_what_it_restated() -> None:
    """One row reads as one."""
    stated = _print(BuildReport(set_aside=1, restated=2))

    assert "1 landed row could not be read and counts in no figure" in stated
    assert "2 figures of the same data changed with their definitions" in stated


def test_an_earlier_build_counts_for_both() -> None:
    """What was loaded before is built first where definitions changed."""
    report = BuildReport(built=["a"])
    report.add_earlier(BuildReport(built=["b"]))

    assert set(report.built) == {"a", "b"}
