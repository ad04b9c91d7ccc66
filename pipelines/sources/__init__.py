"""The sources: one file or folder each, one function per stream, found by its name.

`pipelines/sources/github/` with a function `issues(visit)` fills `raw.github__issues`.
A source knows its upstream's interface and nothing of the database: it yields pages and stores nothing.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from pipelines.contract import Page, Stream, Visit


@cache
def list_sources() -> tuple[str, ...]:
    """Lists the names of all sources, sorted; the folder is looked through once, as each channel is checked by it."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def load_source(name: str) -> ModuleType:
    """Loads the module of a source. Raises ModuleNotFoundError for an unknown name."""
    return importlib.import_module(f"{__name__}.{name}")


def get_streams(source: str) -> dict[str, Stream]:
    """Returns what a source declares, by the name of the function that collects it."""
    streams: dict[str, Stream] = load_source(source).STREAMS
    return streams


def list_optional_tokens(source: str) -> tuple[str, ...]:
    """Lists the tokens that a source can do without, at a lower limit of requests."""
    names: tuple[str, ...] = getattr(load_source(source), "OPTIONAL_TOKENS", ())
    return names


def collect_stream(source: str, stream: str, visit: Visit) -> Iterator[Page]:
    """Collects one stream: yields its pages, in the source's order."""
    pages: Iterator[Page] = getattr(load_source(source), stream)(visit)
    return pages
