"""The sizes of what an installation keeps, as `heartbeat status` tells them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from pipelines.commands.terminal import say
from warehouse.faults import LandingError
from warehouse.settings import Settings
from warehouse.upkeep.sizes import measure_sizes
from warehouse.wording import count_things


def read_sizes(settings: Settings) -> list[dict[str, Any]]:
    """Reads what is kept, by kind, the largest first; empty where the landing zone cannot be read, as others say."""
    try:
        return [asdict(size) for size in measure_sizes(settings)]
    except (LandingError, OSError):
        return []


def print_sizes(console: Console, sizes: Sequence[dict[str, Any]]) -> None:
    """Prints the sizes in one line."""
    if sizes:
        total = sum(size["bytes"] for size in sizes)
        words = [
            f"{size['kind']} {_format_size(size['bytes'])} in {count_things(size['files'], 'file')}" for size in sizes
        ]
        say(console, f"on disk {_format_size(total)}: {', '.join(words)}")


def _format_size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
