"""Which tests know a file of `analytics/`: those that it names as its proof, those that name it, then those of what is
made of it."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from analytics.engine.models import Model, read_models
from tests.paths import ROOT

Test = tuple[Path, str]
"""File and name of a test; with parameters it stands for several items."""
LONG = re.compile(r"playwright|subprocess|open_sample\(|sample_home")
"""Tests that start whole worlds: others know the file better."""
NEAR = re.compile(r"analytics|tests\.rows|warehouse_rows|\bstaging\.")
"""What a test file says that has to do with the reckoning."""
BY_HAND = re.compile(r"\b(?:measure|time_durations)\(")
"""How a test says that it gives conformed rows by hand: it knows nothing of how such rows come about."""
OVER_ALL = {"test_every_metric_is_unique_by_its_grain_where_all_tables_have_rows": (4, "")}
"""The test that goes over all metrics; it comes late, as it is slow."""
WORDS = re.compile(r"staging\.\w+|analytics(?:\.\w+)+|\w+")
MOST = 80
"""More tests than that are not run for one fault."""
FAR = re.compile(r"playwright|import subprocess|dashboards")


def test_files() -> list[str]:
    """The test files that may know something."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py"))}
    return [
        str(path)
        for path, text in texts.items()
        if NEAR.search(text) and not re.search("playwright|import subprocess|dashboards", text)
    ]


class Knowing:
    """The collected tests, and what each of them speaks of."""

    def __init__(self, items: list[pytest.Item]) -> None:
        self.items: dict[Test, list[pytest.Item]] = {}
        for item in items:
            self.items.setdefault((item.path, getattr(item, "originalname", item.name)), []).append(item)
        self.texts = {test: text for test in self.items if not LONG.search(text := _text(*test))}
        self.words = {test: set(WORDS.findall(text)) for test, text in self.texts.items()}
        self.counts = Counter(word for words in self.words.values() for word in words)
        self.models = read_models()
        self.ranks: dict[Path, dict[Test, float]] = {}

    def items_for(self, path: Path, near: str) -> list[pytest.Item]:
        """Those that know the file, first those that know it best and share rare words with the place; those with many
        examples last."""
        if path not in self.ranks:
            names, by_hand = self._names(path), not {"conformed", "staging"} & set(path.parts)
            texts = {test: text for test, text in self.texts.items() if by_hand or not BY_HAND.search(text)}
            self.ranks[path] = {
                test: rank for test, text in texts.items() if (rank := self._rank(test, text, names)) is not None
            }
        said = set(WORDS.findall(near))
        alike = {test: sum(1 / self.counts[word] for word in self.words[test] & said) for test in self.ranks[path]}
        most = max(alike.values(), default=0) or 1
        ranked = sorted(self.ranks[path], key=lambda test: (self.ranks[path][test] - 3 * alike[test] / most, test))
        return [item for test in ranked for item in self.items[test]][:MOST]

    def _names(self, path: Path) -> dict[str, tuple[int, str]]:
        """How tests name the file and what is made of it: how far that is from the file, and what it says proves it."""
        paths = frozenset(model.path for model in self.models)
        if path.suffix == ".py" and path not in paths:
            return _importers(path, paths)
        if path.parent.name == "shapes":
            shaped = [
                model for model in self.models if model.header.shape and path.stem in (model.header.shape, "figure")
            ]
            return {"shaped": (-4, "")} | {_name(model): (1, model.header.proof) for model in shaped}
        far = {model.table: 0 for model in self.models if model.path == path}
        for model in self.models:  # in the order in which they are built, so that one pass is enough
            reached = [far[table] for table in model.reads if table in far]
            if reached and model.table not in far:
                far[model.table] = min(reached) + 1
        return {
            _name(model): (far[model.table], model.header.proof) for model in self.models if model.table in far
        } | OVER_ALL

    def _rank(self, test: Test, text: str, names: dict[str, tuple[int, str]]) -> float | None:
        """The smaller the better; None: it knows nothing of it."""
        own, words = f"{test[0].name}::{test[1]}", self.words[test]
        ranks = [far - 0.5 * (own in proof) for name, (far, proof) in names.items() if name in words or own in proof]
        return (
            min(ranks) + (not BY_HAND.search(text)) + 3 * ("@given(" in text) + 6 * ("Upstream(" in text)
            if ranks
            else None
        )


def _name(model: Model) -> str:
    """A metric is named by its name; a conformed table in full, since tests that give its rows by hand know nothing of
    how it is made."""
    return model.path.stem if model.layer == "metrics" or "__" in model.path.stem else model.table


def module_name(path: Path) -> str:
    """The dotted name by which a file of the checkout is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _importers(path: Path, models: frozenset[Path]) -> dict[str, tuple[int, str]]:
    """The module itself, and the modules and Python metrics that import it."""
    far = {path: 0}
    files = sorted(path for path in (ROOT / "analytics").rglob("*.py") if path.name != "__init__.py")
    for _ in files:
        for file in files:
            text = file.read_text(encoding="utf-8")
            named = [at for one, at in far.items() if f"from {module_name(one)} import" in text]
            if named and file not in far:
                far[file] = min(named) + 1
    return {(file.stem if file in models else module_name(file)): (at, "") for file, at in far.items()}


def _text(path: Path, name: str) -> str:
    """What the test says, and the functions of its file that it calls; what the file imports, too."""
    parts = _parts(path)
    return "\n".join(_reached(parts, name)) + parts[""] if name in parts else "\n".join(parts.values())


def _reached(parts: dict[str, str], name: str) -> list[str]:
    reached, waiting = {name}, [name]
    while waiting:
        more = set(re.findall(r"\w+", parts[waiting.pop()])) & parts.keys() - reached
        reached |= more
        waiting += more
    return [parts[one] for one in reached]


@cache
def _parts(path: Path) -> dict[str, str]:
    """The functions of a test file by their names, with their decorators; all imports under an empty name."""
    text = path.read_text(encoding="utf-8")
    lines, parts = text.splitlines(), {"": ""}
    for node in ast.parse(text).body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        said = "\n".join(lines[first - 1 : node.end_lineno])
        if isinstance(node, ast.Import | ast.ImportFrom):
            parts[""] += said + "\n"
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            parts[node.name] = said
        elif isinstance(node, ast.Assign):
            parts |= {target.id: said for target in node.targets if isinstance(target, ast.Name)}
    return parts
