"""The sources: one file or folder each, one function per thing, found by its name.

`pipelines/sources/github/` with a function `issues(visit)` fills `raw.github__issues`.
A source knows its upstream's interface and nothing of the database: it yields pages and stores nothing.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from pipelines.contract import Page, Thing, Visit


def names() -> list[str]:
    """Names of all sources, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def module(source: str) -> ModuleType:
    """The module of a source. Raises ModuleNotFoundError for an unknown name."""
    return importlib.import_module(f"{__name__}.{source}")


def things(source: str) -> dict[str, Thing]:
    """What a source declares, by the name of the function that collects it."""
    declared: dict[str, Thing] = module(source).THINGS
    return declared


def visit(source: str, thing: str, visit: Visit) -> Iterator[Page]:
    """Collects one thing: the pages, in the source's order."""
    pages: Iterator[Page] = getattr(module(source), thing)(visit)
    return pages
