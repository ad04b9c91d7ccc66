"""Models: the files that make a table each, what they read, and in which order they are built."""

import hashlib
import re
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from analytics.engine.filling import FILLED
from analytics.engine.headers import Header, read_header
from analytics.engine.items import read_share_items
from analytics.engine.shapes import render_query, render_typed, render_view

ROOT = Path(__file__).parents[1]
TABLE = r"\b(?:raw|staging|metrics)\.[a-z]\w*"
"""Pattern of a table's name in a statement."""
ITEMS = "engine/items.py"
PUBLIC = "metrics"
"""Folder of the metrics that are shown and exported; the other folders hold intermediate steps."""
LAYERS = {
    "staging": "staging", "conformed": "conformed", "facts": "facts", "intermediate": "metrics",
    "estimates": "metrics", "claims/tables": "metrics", PUBLIC: "metrics",
}  # fmt: skip
"""Layer of a table by the folder of its file. Subfolders are subjects."""
SCHEMAS = {"staging": "staging", "conformed": "staging", "facts": "staging", "metrics": "metrics"}
"""Schema of a table by layer."""


@dataclass(frozen=True, slots=True)
class Model:
    """SQL file or Python metric, and the table that it makes."""

    path: Path
    layer: str
    table: str
    header: Header
    reads: frozenset[str]
    query: str
    """The content of the file, without comments."""
    text: str
    """The statement that makes the table: the query within its shape."""
    is_public: bool
    """True for metrics that are shown and exported."""
    view: str = ""
    """The statement of what is shown, if `table` is a view: of a metric with a shape, whose figures are in FIGURES, or
    of what is not stored, which has no `text`."""

    @property
    def needs(self) -> frozenset[str]:
        """What is up to date before it: what it reads, and what its view says of the channels of its figures."""
        return self.reads | frozenset(re.findall(TABLE, self.view))

    @property
    def hash_(self) -> str:
        """Returns a digest of the statements and of the files that a Python metric reads."""
        digest = hashlib.sha256(f"{self.text}{self.view}".encode())
        for pattern in self.header.data:
            for path in sorted(ROOT.glob(pattern)):
                digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()


def read_models(root: Path = ROOT) -> list[Model]:
    """Reads all models, each after those that it reads."""
    models = {
        model.table: model
        for folder in LAYERS
        for path in find_models(root / folder)
        for model in [_read_model(path, folder)]
    }
    staging = {table for table, model in models.items() if model.layer == "staging"}
    # What is filled is known only when all staging tables are up to date.
    order = TopologicalSorter(
        {table: sorted(model.needs | (staging if FILLED in model.reads else set())) for table, model in models.items()}
    ).static_order()
    return [models[table] for table in order if table in models]


def _read_model(path: Path, folder: str) -> Model:
    text = path.read_text(encoding="utf-8")
    query, header = text if path.suffix == ".py" else re.sub(r"--.*", "", text), read_header(path)
    body = render_typed(query, path.stem) if folder == "staging" else render_query(query, header)
    code = _read_code(header)
    named = sorted(set(re.findall(r'^metric = "(\w+)"', code, re.MULTILINE)))
    if header.reads:
        body = "\n".join([body, *filter(None, map(_read_items_query, named))])
    reads = frozenset(re.findall(TABLE, f"{body}\n{code}"))
    if not header.reads:
        reads |= {f"metrics.{name}" for name in named}
    layer = LAYERS[folder]
    table = f"{SCHEMAS[layer]}.{path.stem}"
    view = render_view(path.stem, header) if header.shape else ""
    if not header.is_stored:
        body, view = "", body
    return Model(path, layer, table, header, reads - {table}, query, body, folder == PUBLIC, view)


def find_models(folder: Path) -> list[Path]:
    """Finds the files of a folder and its subfolders that make a table each, sorted by name."""
    files = [path for path in folder.rglob("*.*") if path.suffix in (".sql", ".py") and path.name != "__init__.py"]
    return sorted(files, key=lambda path: path.name)


def _read_code(header: Header) -> str:
    """Reads the code and data that a Python metric names."""
    named = [pattern for pattern in header.data if pattern.endswith((".py", ".toml"))]
    # Without `reads: items` it only looks up whether a metric has items, and reads none of their tables.
    files = [path for pattern in named if header.reads or pattern != ITEMS for path in ROOT.glob(pattern)]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _read_items_query(metric: str) -> str:
    """Reads the query for the items of a metric; empty for one that has none."""
    items = read_share_items(metric)
    return items.query if items else ""
