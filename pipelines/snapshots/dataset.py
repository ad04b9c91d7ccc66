"""`heartbeat export dataset`: the published tables as Parquet with a data card, made to be archived and cited.

The files are the same bytes for the same landing, whenever and wherever they are made: they hold no time of building or
publishing, no path and no number of a build, and their rows are in one order. Tables with one row per person or per
thread stay out: they are in a public copy (`heartbeat publish --to`), under pseudonyms that differ in each copy.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

import pipelines
from pipelines.snapshots.card import escape_markdown, select_figures
from pipelines.snapshots.croissant import NAME as CROISSANT
from pipelines.snapshots.croissant import TITLE, SetLabel, describe_parquet, make_croissant
from warehouse.export import ExportError, public_metrics, to_parquet
from warehouse.sharing.public_copy import read_data_as_of
from warehouse.snapshot import Snapshot, has_table, query

FIGURES = "figures"
CLAIMS = "claims.json"
DIGESTS = "SHA256SUMS"
EXTRA_TABLES = {
    "families": ("staging.families", "The families compared, with the side that each is on."),
    "coverage": ("metrics.channel_coverage", "What could be measured for each family, how fully and when."),
    "ranks": ("metrics.family_ranks", "The families in order, by pooled figures, with the chance to be the best."),
    "differences": ("metrics.matched_differences", "Two families, and the two sides, compared in like cases."),
    "claim_verdicts": ("metrics.claim_verdicts", "The verdict of each claim."),
    "claim_tests": ("metrics.claim_tests", "Each test of each claim, whole and with each family left out."),
    "reading_accuracy": ("metrics.feature_accuracy", "How often what is read in texts is right."),
    "reader_gates": ("metrics.reader_gates", "Which readers are good enough to rank and judge by."),
    "definition_changes": ("metrics.definition_changes", "What changed in the definitions of the metrics, and why."),
    "method": ("metrics.method_questions", "The questions of the method, and what is left out."),
}
"""Tables beside the figures, by the name of their file; one that a snapshot lacks is left out."""
_METRICS = """
select name as metric, question, grain, unit, standard, caveats, version, proof
from meta.metrics where is_public order by name
"""
_CARD = """# {title}

{sample}A data set of Heartbeat, which compares open and proprietary families of large language models: how long people
wait for answers, who answers, whether services stay up, what changes, and what one may change oneself.

| | |
|---|---|
| Author | {publisher} |
| Newest data | {data} |
| Made by | Heartbeat {code_version} |
| Digest of the claims (SHA-256) | {claims_digest} |
| Licence | {licence} |

## Files

{files}

`croissant.json` describes every file and column for programs, `CITATION.cff` says how to cite the data set, `{claims}`
holds the claims and their rule as they were registered, and `{digests}` the digest of each file (`sha256sum -c`).

## How the figures were made

Each figure has its interval (95 %), the number of items (n), of events and of those still waiting, its coverage, the
instant of its newest data, and a state: a figure that cannot be given has a reason in `note`, never a zero. `metrics`
names each metric's question, caveats, method version and the tests that guard it. What is read in texts is read by
rules; `reading_accuracy` says how often they are right, on which texts. Public channels only: tickets, chats behind a
login and answers that nobody posted are not seen.

## How to make it again

`heartbeat build`, `heartbeat publish` and `heartbeat export dataset`, run with Heartbeat {code_version} on the same
landing, give the same bytes.
"""


@dataclass(frozen=True, slots=True)
class Citation:
    """Whose data set it is, and the licence of its figures as an SPDX identifier."""

    publisher: str
    licence: str


def export_dataset(snapshot: Snapshot, out: Path, citation: Citation) -> list[Path]:
    """Writes the data set of a snapshot into a folder and returns the paths. Raises ExportError."""
    if not citation.publisher.strip():
        raise ExportError("say whose data set it is: --as NAME, or HEARTBEAT_PUBLISHER")
    data_as_of = read_data_as_of(snapshot)
    if data_as_of is None:
        raise ExportError(f"{snapshot.path}: nothing was collected yet, so there is nothing to cite")
    tables = _read_tables(snapshot)
    files = {f"{name}.parquet": to_parquet(table) for name, (table, _) in tables.items()}
    registered_text = _read_registered_text(snapshot)
    files[CLAIMS] = registered_text.encode()
    digest = hashlib.sha256(files[CLAIMS]).hexdigest()
    parquet = [
        describe_parquet(f"{name}.parquet", files[f"{name}.parquet"], words) for name, (_, words) in tables.items()
    ]
    schemas = {name: (table.schema, words) for name, (table, words) in tables.items()}
    croissant = make_croissant(snapshot, _label_set(snapshot, citation, data_as_of), parquet, schemas)
    files[CROISSANT] = (json.dumps(croissant, indent=1, ensure_ascii=False) + "\n").encode()
    files["CITATION.cff"] = _make_citation(snapshot, citation, data_as_of, digest).encode()
    files["README.md"] = _make_card(snapshot, tables, citation, data_as_of, digest).encode()
    files[DIGESTS] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())
    ).encode()
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files]


def _read_tables(snapshot: Snapshot) -> dict[str, tuple[pa.Table, str]]:
    """Reads the tables of the data set with what each holds, by the name of its file."""
    names = [metric["name"] for metric in public_metrics(snapshot)]
    figures = query(
        snapshot, f"select *, ? as is_sample from ({select_figures(names)}) order by all", [snapshot.is_sample]
    )
    tables = {
        FIGURES: (figures, "All public figures."),
        "metrics": (query(snapshot, _METRICS), "The metrics: question, grain, unit, caveats, version and tests."),
    }
    for name, (table, words) in EXTRA_TABLES.items():
        if has_table(snapshot, table):
            tables[name] = (query(snapshot, f"from {table} order by all"), words)
    return tables


def _read_registered_text(snapshot: Snapshot) -> str:
    if not has_table(snapshot, "metrics.registered_claims"):
        raise ExportError(
            f"{snapshot.path}: published by an older Heartbeat; run `heartbeat build` and `heartbeat publish`"
        )
    (row,) = query(snapshot, "select registered_text from metrics.registered_claims").to_pylist()
    return str(row["registered_text"])


def _label_set(snapshot: Snapshot, citation: Citation, data_as_of: datetime) -> SetLabel:
    day = f"{data_as_of:%Y-%m-%d}"
    return SetLabel(
        citation.publisher, citation.licence, snapshot.is_sample, f"{data_as_of:%Y.%-m.%-d}", day,
        f"{_describe_origin(snapshot)}, data up to {day}.", f"data of {day}",
    )  # fmt: skip


def _make_citation(snapshot: Snapshot, citation: Citation, data_as_of: datetime, digest: str) -> str:
    """Makes a citation file (Citation File Format 1.2.0). Strings are JSON, which YAML takes as they are."""
    fields = {
        "cff-version": "1.2.0", "message": "Please cite this data set as below.", "type": "dataset",
        "title": f"Heartbeat: {TITLE}" + (" (sample world, simulated)" if snapshot.is_sample else ""),
        "authors": [{"name": citation.publisher}], "version": f"{data_as_of:%Y-%m-%d}",
        "date-released": f"{data_as_of:%Y-%m-%d}", "license": citation.licence,
        "abstract": f"{_describe_origin(snapshot).capitalize()}; claims registered under SHA-256 {digest}.",
    }  # fmt: skip
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())


def _make_card(
    snapshot: Snapshot,
    tables: Mapping[str, tuple[pa.Table, str]],
    citation: Citation,
    data_as_of: datetime,
    digest: str,
) -> str:
    sample = "**Sample data.** Made-up numbers; they say nothing about any vendor or community.\n\n"
    return _CARD.format(
        title=TITLE, sample=sample if snapshot.is_sample else "", publisher=escape_markdown(citation.publisher),
        data=f"{data_as_of:%Y-%m-%d %H:%M} UTC", code_version=escape_markdown(pipelines.VERSION), claims_digest=digest,
        licence=escape_markdown(citation.licence), claims=CLAIMS, digests=DIGESTS,
        files="\n".join(
            f"- `{name}.parquet` ({table.num_rows:,} rows): {words}" for name, (table, words) in tables.items()
        ),
    )  # fmt: skip


def _describe_origin(snapshot: Snapshot) -> str:
    return "a sample world, simulated by an emulator and not measured" if snapshot.is_sample else "measured"
