"""What bubblewrap has to show of this machine, so that another user can run our code where folders are empty."""

import sys
from collections.abc import Iterable
from pathlib import Path

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.paths import ROOT
from tests.upstream.catalogs import few

CODE = (ROOT, Path(sys.prefix).resolve(), Path(sys.base_prefix))


def list_emptied(folders: Iterable[str], kept: Iterable[Path]) -> list[str]:
    """Returns the options that empty these folders of the machine, but for the given paths below them."""
    folders = tuple(folders)
    below = tuple(f"{one}/" for one in folders)
    places = [part for folder in folders for part in ("--tmpfs", folder)]
    # What lies elsewhere is seen as it is: binding `/usr`, where Python may be, would hide what lies over its parts.
    for path in (one for one in kept if str(one).startswith(below)):
        inside = [str(one) for one in reversed(path.parents) if str(one).startswith(below)]
        places += [part for folder in inside for part in ("--perms", "0755", "--dir", folder)]
        places += ["--ro-bind", str(path), str(path)]
    return places


def make_small_catalog() -> Catalog:
    """One channel of one source: what is tried is the way, not the load."""
    whole = read_catalog([SHIPPED])
    one = tuple(channel for channel in whole.channels if channel.id.startswith("kimi.deprec"))
    return Catalog(few(whole, "kimi").families, one)
