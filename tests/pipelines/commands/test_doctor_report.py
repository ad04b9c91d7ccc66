"""How `heartbeat doctor` stays readable where everything fails alike."""

import io
from typing import Any

from rich.console import Console

from pipelines.commands.doctor import print_report
from warehouse.faults import Fault


def _print(hosts: list[tuple[str, Fault]], is_whole: bool = False) -> list[str]:
    endpoints = [
        {
            "source": "status", "channel": f"c{number}", "thing": "incidents", "is_worse": False, "host": host,
            "state": "failed", "fault": fault, "words": f"{host}: no address (DNS)", "evidence": "", "caution": "",
        }
        for number, (host, fault) in enumerate(hosts)
    ]  # fmt: skip
    report: dict[str, Any] = {"is_wrong": True, "checks": [], "endpoints": endpoints}
    console = Console(file=io.StringIO(), width=400)
    print_report(console, report, is_whole)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined,no-any-return]


HOSTS = [(f"host{number}", Fault.UNREACHABLE) for number in range(30)]


def test_without_a_network_one_line_says_that_no_host_could_be_reached() -> None:
    """Each host twice was sixty lines for one fault; they are listed on request."""
    said = _print(HOSTS)
    assert said[1:3] == [
        "endpoints: 0 ok, 30 failed, 0 skipped",
        "  WRONG none of 30 hosts could be reached: host0: no address (DNS); --all lists them",
    ]
    assert len(said) == 4
    assert sum(": no address (DNS)" in line for line in _print(HOSTS, is_whole=True)) == 30


def test_one_host_or_one_other_fault_is_told_by_itself() -> None:
    """Then the network works, or nobody can tell."""
    assert "c0 incidents: " in "".join(_print(HOSTS[:1]))
    assert "c0 incidents: " in "".join(_print([*HOSTS, ("other", Fault.DENIED)]))
