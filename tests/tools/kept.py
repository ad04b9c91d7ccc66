"""Returns whether a change moved a figure that stays: run it after every step of a cut, and before every commit.

    .venv/bin/python -m tests.tools.kept            # prints "equal", or what differs; about a minute
    .venv/bin/python -m tests.tools.kept --write    # stores the figures of today as the ones to keep

Compares `heartbeat export` of the series in `tests/kept.toml` for the sample world and the recordings, the verdicts of
both, and the golden cases, with `tests/kept.digests.json`. Floats count to twelve digits; columns that hold versions do
not count. A commit that is meant to move a figure runs `--write` and says in its message which figure moved, and why.

A difference names the world and the metric. Its rows are shown too if this checkout was equal once: run the command
before the first change. Exit code 1 if anything differs.
"""

import hashlib
import json
import logging
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from tests.paths import RECORDINGS, ROOT
from tests.recordings.published import publish_recordings
from tests.worlds.page_worlds import make_sample
from warehouse.export import export_metrics
from warehouse.snapshot import Snapshot, query, read_current

KEPT = tomllib.loads((ROOT / "tests" / "kept.toml").read_text(encoding="utf-8"))
DIGESTS = ROOT / "tests" / "kept.digests.json"
ROWS = ROOT / ".cache" / "kept"
"""The text behind each digest that was seen here, to show what differs."""
GOLDEN = "tests/analytics/metrics/test_golden.py"
VERDICTS = """
select
    claim_id, verdict, metric, statistic, effect, effect_low, effect_high, p_adjusted, detectable_effect, n, open_count,
    proprietary_count, tests_count, supported_count, ruled_out_count
from metrics.claim_verdicts
"""
SHOWN_LINES = 12


def main(arguments: list[str]) -> int:
    """Compares with the stored digests, or stores them."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    texts = {name: "\n".join(lines) + "\n" for name, lines in read_kept()}
    digests = {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in sorted(texts.items())}
    ROWS.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (ROWS / digests[name]).write_text(text, encoding="utf-8")
    if "--write" in arguments:
        DIGESTS.write_text(json.dumps(digests, indent=0) + "\n", encoding="utf-8")
        return 0
    stored = json.loads(DIGESTS.read_text(encoding="utf-8"))
    if not RECORDINGS.is_dir():
        print("the recordings are not here: only the rest is compared")
        stored = {name: digest for name, digest in stored.items() if not name.startswith("recordings")}
    moved = sorted(name for name in stored.keys() | digests.keys() if stored.get(name) != digests.get(name))
    for name in moved:
        print(f"differs: {name}", *_show(stored.get(name, ""), texts.get(name, "")), sep="\n  ")
    print("equal" if not moved else f"{len(moved)} of {len(stored)} differ")
    return bool(moved)


def read_kept() -> Iterator[tuple[str, list[str]]]:
    """Yields what is compared: a name, and its lines."""
    yield "golden cases", _run_golden()
    with TemporaryDirectory() as folder:
        sample = read_current(make_sample(Path(folder, "sample")))
        assert sample is not None
        yield from _read_world("sample", sample)
        if RECORDINGS.is_dir():
            home = Path(folder, "recordings")
            home.mkdir()
            yield from _read_world("recordings", publish_recordings(home))


def _run_golden() -> list[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-rfE", "-o", "addopts=", GOLDEN]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return ["passed"] if run.returncode == 0 else run.stdout.splitlines()[-SHOWN_LINES:]


def _read_world(world: str, snapshot: Snapshot) -> Iterator[tuple[str, list[str]]]:
    yield f"{world} verdicts", _format_rows(query(snapshot, VERDICTS).to_pylist())
    with TemporaryDirectory() as folder:
        for path in export_metrics(snapshot, KEPT["metrics"], Path(folder), "parquet"):
            rows = pq.read_table(path).to_pylist()
            yield f"{world} {path.stem}", _format_rows(rows)


def _format_rows(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(
        " ".join(f"{name}={_format(value)}" for name, value in row.items() if not name.endswith("version"))
        for row in rows
    )


def _format(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _show(stored: str, text: str) -> list[str]:
    """Returns the first differing rows; none if the stored ones were never seen here."""
    path = ROWS / stored
    former = path.read_text(encoding="utf-8").splitlines() if stored and path.exists() else []
    return list(islice(unified_diff(former, text.splitlines(), lineterm="", n=0), 2, SHOWN_LINES)) if former else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
