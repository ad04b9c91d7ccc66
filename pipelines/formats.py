"""The formats that upstreams of one source speak: a file each in the source's folder `formats/`, with its `FORMAT`."""

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
    """Finds the `FORMAT` of every file in a package, by the file's name. Raises TypeError where it lacks this type."""
    formats: dict[str, Declared] = {}
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        declaration = getattr(importlib.import_module(f"{package}.{module.name}"), "FORMAT", None)
        if not isinstance(declaration, declared):
            raise TypeError(f"{package}.{module.name}: declare a FORMAT that is a {declared.__name__}")
        formats[module.name] = declaration
    return formats


def find_format(formats: Mapping[str, Declared], channel: Channel) -> Declared:
    """Finds the format that a channel names. Raises Fatal, with the nearest name, for one that is not there."""
    if channel.format not in formats:
        known = f"{channel.source} knows no format {channel.format!r}"
        raise Fatal(f"{channel.target}: {known}{suggest(channel.format, formats)}", Fault.MISCONFIGURED)
    return formats[channel.format]
