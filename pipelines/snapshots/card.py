"""The data card of a published set: the figures as one Parquet file, a README and a citation."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pipelines.text.values import escape_markdown
from warehouse.export import public_metrics, to_parquet
from warehouse.sharing.manifest import PublishedManifest
from warehouse.snapshot import Snapshot, has_table, query

TITLE = "How well people are supported who build on large language models"
FIGURES, CITATION = "figures.parquet", "CITATION.cff"
README = "README.md"
HUB_LICENCES = frozenset({"apache-2.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc0-1.0", "mit", "odc-by"})
"""Licences that the Hub knows by their SPDX identifier in small letters; any other is `other` with a name."""
TEXT = """{front_matter}
# {title}

{sample}A snapshot of Heartbeat, which compares open and proprietary families of large
language models: how long people wait for answers, who answers, whether services stay up, what changes, and what one may
change oneself.

| | |
|---|---|
| Published by | {publisher} |
| Published at | {published_at:%Y-%m-%d %H:%M} UTC |
| Newest data | {data} |
| Made by | Heartbeat {code_version}, snapshot version {version} |
| Licence of the figures | {licence} |

## Look at it

`heartbeat up --from` and the address of this place opens all pages on this snapshot, without a token, and follows it
when it changes. The file `{file}` is an ordinary DuckDB file; `figures.parquet` holds all figures in one
table; `CITATION.cff` says how to cite them.
`heartbeat.json` names the current file with its digest and size.

## What is in it

Figures with interval, n, censoring, coverage, as-of time and window; the tables that they are made from, as counts,
instants, features and links. People are pseudonyms that this copy alone uses. Titles belong to their authors and are
quoted so that a figure can be traced to its public page.

## What is excluded

{left_out}

## The metrics

{listed}
"""
"""The data card for people."""


def write_card(folder: Path, path: Path, manifest: PublishedManifest) -> list[Path]:
    """Writes the figures, the README and the citation of a public copy; returns their paths."""
    snapshot = Snapshot(path, manifest.version, manifest.published_at, manifest.is_sample)
    metrics = public_metrics(snapshot)
    files = {
        FIGURES: to_parquet(query(snapshot, select_figures([metric["name"] for metric in metrics]))),
        CITATION: make_citation(snapshot, manifest).encode(),
        README: make_readme(manifest, metrics).encode(),
    }
    for name, text in files.items():
        (folder / name).write_bytes(text)
    return [folder / name for name in files]


def make_citation(snapshot: Snapshot, manifest: PublishedManifest) -> str:
    """Makes a citation file (Citation File Format 1.2.0). Strings are JSON, which YAML takes as they are."""
    day = f"{manifest.data_as_of or manifest.published_at:%Y-%m-%d}"
    made_up = " (sample world, simulated)" if manifest.is_sample else ""
    fields = {
        "cff-version": "1.2.0", "message": "Please cite this data set as below.", "type": "dataset",
        "title": f"Heartbeat: {TITLE}{made_up}", "authors": [{"name": manifest.publisher}], "version": day,
        "date-released": day, "license": manifest.licence,
    }  # fmt: skip
    if digest := read_claims_digest(snapshot):
        fields["abstract"] = f"Claims registered under SHA-256 {digest}."
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())


def read_claims_digest(snapshot: Snapshot) -> str:
    """Reads the digest of the registered claims; empty if there are none."""
    if not has_table(snapshot, "metrics.registered_claims"):
        return ""
    rows = query(snapshot, "select registered_text from metrics.registered_claims").to_pylist()
    return hashlib.sha256(rows[0]["registered_text"].encode()).hexdigest() if rows else ""


def select_figures(names: list[str]) -> str:
    """Renders the query for the figures of all these metrics as one table, in one order."""
    parts = [f"select '{name}' as metric, * from metrics.{name}" for name in names]
    return f"from ({' union all by name '.join(parts)}) order by all"


def make_readme(manifest: PublishedManifest, metrics: list[dict[str, Any]]) -> str:
    """Returns the data card for people, with the front matter that the Hub reads."""
    data = f"{manifest.data_as_of:%Y-%m-%d %H:%M} UTC" if manifest.data_as_of else "nothing was collected"
    sample = "**Sample data.** Made-up numbers; they say nothing about any vendor or community.\n\n"
    left_out = "\n".join(f"- {escape_markdown(sentence)}" for sentence in manifest.left_out)
    listed = "\n".join(f"- `{metric['name']}`: {escape_markdown(metric['question'])}" for metric in metrics)
    return TEXT.format(
        front_matter=_make_front_matter(manifest), title=TITLE, sample=sample if manifest.is_sample else "",
        publisher=escape_markdown(manifest.publisher), published_at=manifest.published_at, data=data,
        code_version=escape_markdown(manifest.code_version), version=manifest.version, licence=manifest.licence,
        file=manifest.file, left_out=left_out, listed=listed,
    )  # fmt: skip


def _make_front_matter(manifest: PublishedManifest) -> str:
    licence = manifest.licence.lower()
    named = [f"license: {licence}"] if licence in HUB_LICENCES else ["license: other", f"license_name: {licence}"]
    lines = [
        *named,
        f"pretty_name: {json.dumps('Heartbeat, sample world' if manifest.is_sample else 'Heartbeat')}",
        "language: [en]",
        "tags: [developer-support, reliability, statistics]",
        "configs:",
        "- config_name: figures",
        f"  data_files: {FIGURES}",
    ]
    return "\n".join(["---", *lines, "---"])
