"""A small part of the sample world, every source in it, taken in by the real loader in any order and as often as
wanted."""

import atexit
import shutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.steps import make_catalog_rows
from tests.upstream.packing import unpack_archives
from tests.upstream.ready import NOW
from tests.worlds.warehouse_rows import LOWER, build_tables, empty_warehouse
from warehouse.landing import list_landed, open_zone
from warehouse.load import load_new_files, replace_catalog

CHANNELS = (
    "claude.changelog.claude-platform",
    "claude.deprecations.claude-models",
    "claude.github.anthropics-anthropic-sdk-python",
    "claude.github.anthropics-claude-code",
    "claude.packages.anthropic",
    "claude.reddit.claudeai",
    "claude.stackexchange.stackoverflow",
    "claude.status.status.claude.com",
    "gemini.deprecations.gemini-api",
    "gemini.discourse.discuss.ai.google.dev",
    "gpt.deprecations.openai-api",
    "gpt.github.openai-openai-python",
    "gpt-oss.github.openai-gpt-oss",
    "gpt-oss.huggingface.openai",
    "hugging-face.status.status.huggingface.co",
    "phi.github.microsoft-phicookbook",
    "phi.huggingface.microsoft",
    "_shared.github.langchain-ai-langchain",
    "_shared.packages.vllm",
    "_shared.prices.openrouter.ai",
)
"""Each was visited four times."""
FAMILIES = frozenset(channel.split(".")[0] for channel in CHANNELS)


@lru_cache(maxsize=1)
def landed() -> Path:
    """The landing zone of the sample world, unpacked once a process and removed at its end."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    unpack_archives(Path(folder.name))
    return Path(folder.name)


@lru_cache(maxsize=1)
def files() -> tuple[str, ...]:
    """All landed files of the part, in the order in which they were landed within each channel."""
    zone = open_zone(str(landed()))
    return tuple(path for channel in CHANNELS for path in list_landed(zone, channel))


def opened() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory that knows the families and channels of the part and holds no row yet."""
    connection = empty_warehouse()
    connection.execute("reset threads")
    catalog = make_catalog_rows(read_catalog([SHIPPED]))
    catalog["channels"] = [row for row in catalog["channels"] if row["channel_id"] in CHANNELS]
    for name in ("families", "absences", "facts", "listings", "hosts", "mentions"):
        catalog[name] = [row for row in catalog[name] if row["family_id"] in FAMILIES]
    replace_catalog(connection, catalog)
    return connection


def arrive(connection: duckdb.DuckDBPyConnection, zone: Path, paths: Iterable[str], copy: str = "") -> None:
    """Lands these files in a zone and loads what is new in it; with `copy` under another name, as if they had been
    landed twice."""
    for path in paths:
        into = zone / path.replace(".parquet", f"{copy}.parquet")
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(landed() / path, into)
    loaded = load_new_files(connection, open_zone(str(zone)), NOW)
    assert not loaded.refused


@lru_cache(maxsize=1)
def conformed() -> dict[str, list[dict[str, Any]]]:
    """The rows of every conformed table of the part, by name."""
    with opened() as connection, TemporaryDirectory() as folder:
        arrive(connection, Path(folder), files())
        build_tables(connection, LOWER)
        return {
            model.path.stem.removeprefix("settled_"): connection.sql(f"from {model.table}").to_arrow_table().to_pylist()
            for model in LOWER
            if model.layer == "conformed"
        }
