"""What a family file lacks is said by file, line and remedy, and keeps nobody from collecting it."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.catalog.gaps import find_gaps
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands.catalog.check import print_check
from tests.paths import ROOT
from tests.pipelines.catalog.families import COMPLETE
from tests.pipelines.catalog.test_catalog import VALID
from warehouse.settings import Settings


def _find(folder: Path, text: str) -> list[str]:
    (folder / "yi.toml").write_text(text, encoding="utf-8")
    return find_gaps(read_catalog([SHIPPED, folder]), [folder])


def test_the_shipped_catalog_has_no_gap() -> None:
    assert find_gaps(read_catalog([SHIPPED])) == []


def test_a_complete_family_has_no_gap(tmp_path: Path) -> None:
    """Else the gaps below would prove nothing."""
    assert _find(tmp_path, COMPLETE) == []


def _without(kind: str) -> tuple[str, str]:
    """The table of an absence, as it is to be taken away."""
    table = re.search(rf'\[\[absent\]\]\nkind = "{kind}"\n.*\n.*\n\n', COMPLETE)
    assert table
    return table[0], ""


GAPS: list[tuple[tuple[str, str], int, str]] = [
    (
        (
            "# Yi: open weights by 01.AI. Repositories from github.com/01-ai, model names from huggingface.co/01-ai.\n",
            "",
        ),
        1,
        "start with a comment",
    ),
    (('hosts = ["together"]\n', ""), 1, "hosts: incomplete: an open family is as reliable as its hosts"),
    (('"open"', '"proprietary"'), 7, "hosts: incomplete: only open families have hosts"),
    (_without("status"), 19, "no channel of kind 'status'; add one, or an [[absent]]"),
    (_without("subreddit"), 9, "no channel for the pair 'subreddit'"),
    (('role = "model"', 'role = "runtime"'), 9, "no channel for the pair 'code'; set `pairs_with"),
    (('kind = "status"', 'kind = "tracker"'), 30, "'tracker' is both absent and a channel"),
    (('kind = "status"', 'kind = "tag"'), 25, "'tag' is listed as absent 2 times"),
    (('kind = "licence"', 'kind = "notice"\ndays = 30'), 54, "no licence; add a [[fact]] of kind 'licence'"),
    (("as_of_on = 2026-11-24", "as_of_on = 2026-11-25"), 58, "set checked_on to 2026-11-25 or later"),
    (('method = "weights"\n', ""), 61, "fine-tuning without a method; add `method`"),
    (('method = "weights"', 'method = "weights"\ndays = 3'), 64, "only a notice has days"),
    (('kind = "fine-tuning"', 'kind = "notice"'), 61, "a promise without days cannot be compared; add `days`"),
    (('kind = "fine-tuning"', 'kind = "notice"\ndays = 30'), 64, "only fine-tuning has a method"),
    (('kind = "licence"', 'kind = "licence"\napplies_to = "previews"'), 56, "only a notice is for a class of models"),
    (
        ('method = "weights"', 'method = "weights"\nmodels = ["*preview*"]'),
        64,
        "only a notice is for a class of models",
    ),
    (
        ('kind = "fine-tuning"', 'kind = "notice"\ndays = 3\nmodels = ["*preview*"]'),
        63,
        "patterns of a class that has no name",
    ),
    (('role = "hub"', 'role = "hub"\nevidence = "C"'), 18, "evidence of grade C has a day; add `seen_on`"),
    (('kind = "tag"', 'kind = "tag"\nevidence = "B"'), 26, "evidence of grade B has a day; add `seen_on`"),
    (('role = "hub"', 'role = "hub"\nevidence = "C"\nseen_on = 2026-11-25'), 19, "set checked_on to 2026-11-25"),
    (
        ('hosts = ["together"]', 'hosts = ["together"]\nended_on = 2026-09-27'),
        8,
        "an ended family names its `successor`",
    ),
    (('"yi-34b"', '"chat"'), 5, "'chat' has other meanings; move it to weak_mentions"),
    (('"yi-34b"', '"Claude Code"'), 5, "'Claude Code' is also a mention of claude"),
    (('"yi-34b"', '"01-AI"'), 5, "is listed 2 times; list it once"),
]


@pytest.mark.parametrize(("swap", "line", "reason"), GAPS, ids=[reason for _, _, reason in GAPS])
def test_a_gap_is_said_by_file_line_and_what_to_do(
    tmp_path: Path, swap: tuple[str, str], line: int, reason: str
) -> None:
    """Who adds a family reads the message and no test."""
    assert swap[0] in COMPLETE
    gaps = _find(tmp_path, COMPLETE.replace(*swap, 1))
    gap = next(words for words in gaps if reason in words)
    assert gap.startswith(f"{tmp_path / 'yi.toml'}:{line}: ") and ": incomplete: " in gap


def test_all_gaps_are_said_at_once(tmp_path: Path) -> None:
    gaps = _find(tmp_path, VALID)
    assert {kind for kind in ("hub", "packages", "prices", "tag") if any(f"kind {kind!r}" in gap for gap in gaps)} == {
        "hub", "packages", "prices", "tag",
    }  # fmt: skip
    assert any("no licence" in gap for gap in gaps) and any("as reliable as its hosts" in gap for gap in gaps)


@pytest.mark.parametrize(
    ("text", "code", "verdict"), [(COMPLETE, 0, "no gaps"), (VALID, 1, " gaps (collected anyway)")]
)
def test_a_small_family_is_read_and_the_check_ends_with_1(tmp_path: Path, text: str, code: int, verdict: str) -> None:
    """It may name hosts of the shipped catalog; what it lacks is said of its own folder only."""
    (tmp_path / "yi.toml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "catalog", "check", str(tmp_path)], cwd=ROOT, capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (code, "")
    assert verdict in done.stdout and "1 family, 2 channels" in done.stdout
    assert "pipelines/catalog/" not in done.stdout


def test_channels_that_are_no_longer_collected_are_counted(tmp_path: Path) -> None:
    """`heartbeat up` and the pages count the others only, so the sums differed without a word."""
    (tmp_path / "yi.toml").write_text(VALID.replace("[[channel]]", "[[channel]]\nenabled = false", 1), encoding="utf-8")
    console = Console(file=io.StringIO(), width=400)
    print_check(console, Settings(_env_file=None), tmp_path)

    assert "1 family, 2 channels (1 no longer collected): " in console.file.getvalue()  # type: ignore[attr-defined]
