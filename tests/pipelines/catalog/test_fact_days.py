"""Facts read by hand: which are oldest, where they stand, and how one is renewed by one command."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.catalog.fact_days import list_dated_facts, renew_fact
from pipelines.catalog.faults import CatalogError
from pipelines.catalog.gaps import find_gaps
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.paths import ROOT
from tests.pipelines.catalog.families import COMPLETE
from warehouse.freshness import FACT_DAYS

READ = date(2026, 11, 24)
"""The day of both facts of the family."""
AGAIN = READ + timedelta(days=200)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "yi.toml").write_text(COMPLETE, encoding="utf-8")
    return tmp_path


def _read(folder: Path) -> Catalog:
    return read_catalog([SHIPPED, folder])


def _days(folder: Path) -> dict[str, str]:
    return {dated.key: str(dated.fact.as_of_on) for dated in list_dated_facts(_read(folder)) if dated.family == "yi"}


def _run(folder: Path, *words: str, today: date = AGAIN) -> subprocess.CompletedProcess[str]:
    """Runs the command as the README writes it, on the shipped families and one of one's own."""
    named = {"HEARTBEAT_CATALOG": str(folder), "HEARTBEAT_NOW": f"{today}T06:00:00Z"}
    return subprocess.run(
        [sys.executable, "-m", "pipelines", "catalog", "facts", *words], cwd=ROOT, capture_output=True, text=True,
        check=False, env=os.environ | named,
    )  # fmt: skip


def test_the_oldest_stands_first_with_its_page_and_its_age(folder: Path) -> None:
    """Whoever has an hour begins at the top."""
    facts = list_dated_facts(_read(folder))
    days = [dated.fact.as_of_on for dated in facts]
    assert days == sorted(days) and len({dated.key for dated in facts}) == len(facts)
    done = _run(folder)
    shown = [line for line in done.stdout.splitlines() if "yi.licence" in line]
    assert (done.returncode, done.stderr) == (0, "")
    assert shown == ["! 2026-11-24  200 days  A (maker's page)  yi.licence: Apache-2.0"]
    assert "        https://github.com/01-ai/Yi/blob/main/LICENSE\n" in done.stdout
    assert f"read more than {FACT_DAYS} days ago (marked !)" in done.stdout and "--renew KEY" in done.stdout


def test_what_was_read_lately_is_not_marked(folder: Path) -> None:
    """180 days are the last that count."""
    lines = _run(folder, today=READ + timedelta(days=FACT_DAYS)).stdout.splitlines()
    assert any(line.startswith("  2026-11-24  180 days") and "yi.licence" in line for line in lines)
    assert not any(line.startswith("!") and "yi." in line for line in lines)


def test_an_offer_that_is_over_says_so(folder: Path) -> None:
    """It is kept for the history, and needs no renewal to count as ended."""
    ended = 'method = "weights"\nuntil_on = 2026-12-31'
    (folder / "yi.toml").write_text(COMPLETE.replace('method = "weights"', ended), encoding="utf-8")
    assert "weights may be tuned by anybody, ended 2026-12-31\n" in _run(folder).stdout
    assert "weights may be tuned by anybody, until 2026-12-31\n" in _run(folder, today=READ).stdout


def test_one_command_renews_a_fact(folder: Path) -> None:
    """Its day and the day of the file's check, and nothing else."""
    done = _run(folder, "--renew", "yi.licence")
    told = f"yi.licence: read on {AGAIN} (before: {READ}), written to {folder / 'yi.toml'}"
    assert (done.returncode, done.stdout.replace("\n", " ").strip()) == (0, told)
    before, after = COMPLETE.splitlines(), (folder / "yi.toml").read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [
        (f"checked_on = {READ}", f"checked_on = {AGAIN}"), (f"as_of_on = {READ}", f"as_of_on = {AGAIN}"),
    ]  # fmt: skip
    assert _days(folder) == {"yi.licence": str(AGAIN), "yi.fine-tuning.weights": str(READ)}
    assert find_gaps(_read(folder), [folder]) == []


def test_the_second_fact_is_renewed_in_its_own_table(folder: Path) -> None:
    """On the day that was named."""
    done = _run(folder, "--renew", "yi.fine-tuning.weights", "--seen", "2026-12-01")
    assert done.returncode == 0, done.stderr
    assert _days(folder) == {"yi.licence": str(READ), "yi.fine-tuning.weights": "2026-12-01"}


REFUSED = [
    (("--renew", "yi.license"), "no fact 'yi.license' (did you mean 'yi.licence'?)"),
    (("--renew", "yi.licence", "--seen", "2099-01-01"), "2099-01-01 is not between 2026-11-24, when it was last read"),
    (("--renew", "yi.licence", "--seen", "2026-01-01"), "2026-01-01 is not between 2026-11-24, when it was last read"),
    (("--renew", "yi.licence", "--seen", "today"), "'today' does not match the formats"),
    (("--seen", "2026-12-01"), "it needs --renew KEY"),
]


@pytest.mark.parametrize(("words", "reason"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_a_renewal_that_cannot_be_is_refused(folder: Path, words: tuple[str, ...], reason: str) -> None:
    """With what is wrong, and the file as it was."""
    done = _run(folder, *words)
    assert done.returncode == 2 and reason in " ".join(done.stderr.replace("│", " ").split())
    assert (folder / "yi.toml").read_text(encoding="utf-8") == COMPLETE


def test_a_file_that_cannot_be_written_keeps_its_day(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation belongs to root: the message says where to renew it instead."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(CatalogError, match=r"yi.toml: cannot be written \(Permission denied\).+HEARTBEAT_CATALOG"):
        renew_fact(_read(folder), "yi.licence", AGAIN, AGAIN)
    assert [path.name for path in folder.iterdir()] == ["yi.toml"]
    assert (folder / "yi.toml").read_text(encoding="utf-8") == COMPLETE


def test_two_facts_of_one_name_have_keys_of_their_own(folder: Path) -> None:
    """Licences differ by generation."""
    second = COMPLETE.replace('kind = "fine-tuning"', 'kind = "licence"').replace('method = "weights"\n', "")
    (folder / "yi.toml").write_text(second, encoding="utf-8")
    assert set(_days(folder)) == {"yi.licence", "yi.licence.2"}
