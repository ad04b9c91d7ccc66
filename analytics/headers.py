"""The header that opens every SQL file: written once, shown on tables, charts and the method page."""

import re
from dataclasses import dataclass
from pathlib import Path

FIELDS = ("question", "grain", "unit", "standard", "caveats", "version", "first seen")
REQUIRED = FIELDS[:6]


class HeaderError(Exception):
    """A file's header is missing or wrong; the message names file and field."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a SQL file says of itself."""

    question: str
    grain: tuple[str, ...]
    unit: str
    standard: str
    caveats: str
    version: int
    first_seen: tuple[str, ...] = ()

    @property
    def comment(self) -> str:
        """The comment on the table."""
        grain = ", ".join(self.grain)
        return f"{self.question} One row per {grain}. Unit: {self.unit}. Standard: {self.standard}. {self.caveats} Version {self.version}."


def read_header(path: Path) -> Header:
    """The header of a `.sql` file (comment lines) or of a `.py` metric (its docstring). Raises HeaderError."""
    values: dict[str, str] = {}
    last = ""
    for line in _lines(path):
        found = re.match(r"(\w[\w ]*?): (.*)", line)
        if found and found[1] in FIELDS:
            last = found[1]
            values[last] = found[2].strip()
        elif last and line.startswith("  "):
            values[last] += " " + line.strip()
    for name in REQUIRED:
        if not values.get(name):
            raise HeaderError(f"{path}: the header lacks `{name}:`")
    return Header(
        values["question"], _names(values["grain"]), values["unit"], values["standard"], values["caveats"],
        int(values["version"]), _names(values.get("first seen", "")),
    )  # fmt: skip


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        found = re.match(r'\s*"""(.*?)"""', text, re.DOTALL)
        return found[1].splitlines() if found else []
    head = re.match(r"(--.*\n)+", text)
    return [re.sub(r"^-- ?", "", line) for line in head[0].splitlines()] if head else []


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
