"""Family files that lead to the emulator."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.catalog.entries import Channel, Family
from pipelines.catalog.reader import SHARED, Catalog

SKIPPED = {"family"}


def families_of(channels: tuple[Channel, ...]) -> Catalog:
    """A catalog around bare channels; families that they name are made up."""
    named = tuple(one if one.family else one.model_copy(update={"family": "example"}) for one in channels)
    families = []
    for name in sorted({one.family for one in named} - {SHARED}):
        own = tuple(one for one in named if one.family == name)
        values: dict[str, Any] = {
            "title": name.title(),
            "side": "open",
            "vendor": name.title(),
            "mentions": (name,),
            "checked_on": date(2026, 11, 1),
        }
        families.append(Family(**values, channel=own, id=name))
    return Catalog(tuple(families), named)


def few(catalog: Catalog, *names: str) -> Catalog:
    """Only these families, and what many share: enough of every source where more would only take longer."""
    families = tuple(one.model_copy(update={"hosts": ()}) for one in catalog.families if one.id in names)
    return Catalog(families, tuple(one for one in catalog.channels if one.family in (*names, SHARED)))


def write(catalog: Catalog, folder: Path, url: Callable[[Channel], str]) -> Path:
    """One file a family, equal to the given one but for each channel's `base_url`."""
    folder.mkdir(parents=True, exist_ok=True)
    for family in catalog.families:
        own = [channel for channel in catalog.channels if channel.family == family.id]
        head = family.model_dump(exclude={"channels", "absences", "facts", "id"}, exclude_none=True)
        tables = [("channel", _values(one, url)) for one in own] + [
            ("absent", one.model_dump(exclude_none=True)) for one in family.absences
        ]
        tables += [("fact", one.model_dump(exclude_none=True)) for one in family.facts]
        (folder / f"{family.id}.toml").write_text(_toml(head, tables), encoding="utf-8")
    shared = [channel for channel in catalog.channels if channel.family == SHARED]
    if shared:
        text = _toml({"title": "Shared"}, [("channel", _values(one, url)) for one in shared])
        (folder / f"{SHARED}.toml").write_text(text, encoding="utf-8")
    return folder


def _values(channel: Channel, url: Callable[[Channel], str]) -> dict[str, Any]:
    values = channel.model_dump(exclude=SKIPPED, exclude_defaults=True)
    return {**values, "base_url": url(channel)}


def _toml(head: dict[str, Any], tables: Iterable[tuple[str, dict[str, Any]]]) -> str:
    lines = _pairs(head)
    for name, values in tables:
        lines += ["", f"[[{name}]]", *_pairs(values)]
    return "\n".join(lines) + "\n"


def _pairs(values: dict[str, Any]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in values.items()]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_value, value))}]"
    # A JSON string is a TOML basic string too.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
