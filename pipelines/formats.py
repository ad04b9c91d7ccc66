"""Discovers the formats of a source: a file each in its folder `formats/`, with its `FORMAT`."""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import TypeVar

from pipelines.catalog.entries import Channel
from pipelines.catalog.faults import suggest
from pipelines.http.errors import Fatal
from warehouse.faults import Fault

Declared = TypeVar("Declared")


def discover_formats(package: str, declared: type[Declared]) -> dict[str, Declared]:
    """Finds the `FORMAT` of every file in a package, by file name. Raises TypeError for one of another type."""
    formats: dict[str, Declared] = {}
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        declaration = getattr(importlib.import_module(f"{package}.{module.name}"), "FORMAT", None)
        if not isinstance(declaration, declared):
            raise TypeError(f"{package}.{module.name}: declare a FORMAT that is a {declared.__name__}")
        formats[module.name] = declaration
    return formats


def find_format(formats: Mapping[str, Declared], channel: Channel) -> Declared:
    """Finds the format that a channel names. Raises Fatal, with the nearest name, for an unknown one."""
    if channel.format not in formats:
        reason = f"{channel.source} has no format {channel.format!r}"
        raise Fatal(f"{channel.target}: {reason}{suggest(channel.format, formats)}", Fault.MISCONFIGURED)
    return formats[channel.format]
