"""
question: Which readers of texts, accounts and incidents are good enough to rank, to weigh and to judge by?
grain: feature, side
published: yes
standard: precision and recall on held-out labels, against gates that were fixed before
caveats: A feature without labels enough has not passed. A figure that rests on what fails, on all labels together or
  on those of its side (of a host, which has none: of either), is `suspect`: it ranks nobody and weighs in no index. A
  claim compares two sides, and a reader that is worse on one of them would be the difference that it reports; so it is
  decided only if the reader passes on all labels and on those of either side. The gates are in reader_gates.toml. `all`
  has the figures of feature_accuracy over all parts, kinds of channel and languages; the sides have those of
  reading_errors over all kinds of channel, for what whole threads or questions are read for, and for each class of
  these by the same gate. `helped` is judged by confirmations alone, since accepted
  answers and fixes are marks that need no reading; no tracker of a proprietary family is among its labels. Those of
  `code_in_answers` by side include the first round, after which rules were changed, so that it may read worse than they
  say.
data: accuracy.csv, reading_errors.csv, reader_gates.toml
"""

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from analytics.intermediate.coverage.reading_errors import FILE as ERRORS
from warehouse.wording import count_things

Line = dict[str, str]
FOLDER = Path(__file__).parents[2]
FILE, GATES = FOLDER / "accuracy.csv", FOLDER / "reader_gates.toml"
WHOLE = ("yes", "any type", "any language", "any family", "any kind", "stated", "bot or agent")
"""The classes whose row is about a feature as a whole."""
ASIDE = (" by ",)
"""Parts of names of features that are about a part of what is read."""
CONFIRMED = {"helped=any", "helped=any_or_thanked"}
"""Readings that add marks of the platform, or thanks, to what `helped` is read by."""
SIDES = ("open", "proprietary")
SCHEMA = pa.schema(
    [
        ("feature", pa.string()), ("side", pa.string()),
        *((name, pa.float64()) for name in ("needed_precision", "needed_recall", "precision", "recall")),
        ("labelled_count", pa.int64()), ("is_passed", pa.bool_()), ("reason", pa.string()),
    ]
)  # fmt: skip


def reader_gates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reads one row per feature and side: what it needs, what it has, and whether that is enough."""
    gates = tomllib.loads(GATES.read_text(encoding="utf-8"))
    lines = [line for line in _read_lines(FILE) if _is_whole(line)] + list(measure_sides(_read_lines(ERRORS)))
    return pa.Table.from_pylist([judge_feature(line, gates) for line in lines], SCHEMA)


def _read_lines(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure_sides(errors: list[Line]) -> Iterator[Line]:
    """Measures each reader on the labels of either side, over its classes and in each if it has several; a side without
    a row has no labels."""
    read = [line for line in errors if line["channel_kind"] == "all" and line["feature"] not in CONFIRMED]
    classes = list(dict.fromkeys(line["feature"] for line in read))
    counts = Counter(name.partition("=")[0] for name in classes)
    several = [name for name in classes if counts[name.partition("=")[0]] > 1]
    for feature, side in product([*counts, *several], SIDES):
        own = [line for line in read if f"{line['feature']}=".startswith(f"{feature}=") and line["side"] == side]
        wanted, found = (sum(float(line[name]) for line in own) for name in ("label_share", "rule_share"))
        right = sum(float(line["label_share"]) * float(line["sensitivity"] or 0) for line in own)
        count = sum(round(float(line["label_share"]) * int(line["n"])) for line in own)
        precision, recall = (str(min(1.0, right / total)) if total else "" for total in (found, wanted))
        yield {"feature": feature, "side": side, "n": str(count), "precision": precision, "recall": recall}


def _is_whole(line: Line) -> bool:
    is_pooled = line["part"] == line["language"] == "all" and line["channel_kind"] in ("all", "status")
    return is_pooled and line["class"] in WHOLE and not any(piece in line["feature"] for piece in ASIDE)


def judge_feature(line: Line, gates: dict[str, Any]) -> dict[str, str | float | int | bool | None]:
    """Judges a feature by its line of the accuracy table."""
    needed = gates["feature"].get(line["feature"].partition("=")[0], gates["default"])
    had = {name: float(line[name]) if line[name] else None for name in ("precision", "recall")}
    reason = _describe_shortfall(line, needed, had, gates["least_labelled_count"])
    return {
        "feature": line["feature"],
        "side": line.get("side", "all"),
        **{f"needed_{name}": needed[name] for name in had},
        **had,
        "labelled_count": int(line["n"]),
        "is_passed": reason is None,
        "reason": reason,
    }


def _describe_shortfall(line: Line, needed: dict[str, float], had: dict[str, float | None], least: int) -> str | None:
    """Describes what a feature lacks, as pages state and name it; None if it lacks nothing."""
    feature, _, part = line["feature"].replace("_", " ").partition("=")
    name = f'{feature.capitalize()} "{part}"' if part else feature.capitalize()
    where = f" of {line['side']} families" if "side" in line else ""
    if int(line["n"]) < least:
        cases = count_things(int(line["n"]), "labelled case")
        return f"{name} was tried on {cases}{where} with something to find, and needs {least}."
    short = [kind for kind in had if (had[kind] or 0.0) < needed[kind]]
    if not short:
        return None
    measures = " and ".join(f"a {kind} of {had[kind] or 0.0:.3f} where {needed[kind]:.2f} is needed" for kind in short)
    return f"{name} is read{where and f' in channels{where}'} with {measures}."
