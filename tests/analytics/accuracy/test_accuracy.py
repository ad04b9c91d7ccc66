"""Attribution and roles are as right as is published, and fail here when they get worse."""

import csv
import re

import pytest

from tests.paths import RECORDINGS
from tests.tools import accuracy, labelled
from tests.tools.accuracy_rows import as_csv
from tests.tools.labelled_threads import list_absent_sources
from tests.tools.reading_errors import COLUMNS as ERROR_COLUMNS
from tests.tools.reading_errors import error_table, read_held_out

here = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")

FLOORS = {
    ("attribution", "any family"): (0.90, 0.92),
    ("attribution", "nobody"): (0.94, 0.92),
    ("attribution", "llama"): (0.90, 0.95),
    ("attribution", "deepseek"): (0.92, 0.94),
    ("attribution", "qwen"): (0.99, 0.92),
    ("attribution", "gpt"): (0.80, 0.99),
    ("attribution", "gpt-oss"): (0.85, 0.62),
    ("attribution", "gemma"): (0.99, 0.99),
    ("attribution", "mistral"): (0.99, 0.99),
    ("role", "human"): (0.99, 0.99),
    ("role", "staff"): (0.99, 0.80),
    ("role", "agent"): (0.99, 0.65),
    ("role", "bot or agent"): (0.99, 0.99),
    ("role by name only", "bot or agent"): (0.99, 0.36),
}
"""Precision and recall on the held-out half, below which nobody may fall unnoticed."""


@pytest.mark.slow
@here
@pytest.mark.parametrize(("feature", "name"), FLOORS)
def test_nothing_got_worse(feature: str, name: str) -> None:
    """A rule that gains one thing and loses another shows here."""
    (row,) = [one for one in accuracy.table(accuracy.cases()) if (one["feature"], one["class"]) == (feature, name)]
    precision, recall = FLOORS[feature, name]
    assert float(row["precision"]) >= precision and float(row["recall"]) >= recall, row


@pytest.mark.slow
@here
@pytest.mark.skipif(bool(list_absent_sources()), reason=f"the texts of {', '.join(list_absent_sources())} are not here")
def test_what_is_published_is_what_is_measured() -> None:
    """`python -m tests.tools.accuracy --write` renews both files."""
    assert accuracy.FILE.read_text(encoding="utf-8") == as_csv(accuracy.published())
    errors = as_csv(error_table(read_held_out()), ERROR_COLUMNS)
    assert accuracy.ERRORS.read_text(encoding="utf-8") == errors


@here
def test_no_person_is_taken_for_a_bot_or_an_agent() -> None:
    """In doubt somebody is a person: a lost answer is worse than a bot too many."""
    people = [
        one for split in ("tune", "test") for one in accuracy.role_cases(split) if one.wanted in ("human", "staff")
    ]
    assert len(people) >= 290 and sum(one.trap == "name" for one in people) >= 5
    assert [one for one in people if one.found in ("bot", "agent")] == []


def test_there_are_labels_enough_of_each_kind() -> None:
    """At least 300 threads and 150 accounts, half of them held out; traps by name."""
    threads, accounts = labelled.rows("attribution"), labelled.rows("accounts")
    assert sum(row["sample"] == "drawn" for row in threads) >= 500 and len(accounts) >= 400
    for rows in (threads, accounts):
        assert 0.45 < sum(row["split"] == "test" for row in rows) / len(rows) < 0.55
    assert {"runtime", "word", "trace", "derivative", "vendor", "comparison", "implicit"} <= {
        row["trap"] for row in threads
    }
    assert len({(row["file"], row["item"]) for row in threads}) == len(threads)
    assert len({(row["file"], row["account"]) for row in accounts}) == len(accounts)


def test_labels_name_no_person_and_hold_no_text() -> None:
    """People are digits; only bots and agents that projects list in public are in clear."""
    for row in labelled.rows("accounts"):
        if row["file"] == "public lists":
            assert row["label"] in ("bot", "agent")
        else:
            assert re.fullmatch(r"[0-9a-f]{12}", row["account"]), row
    for row in labelled.rows("attribution"):
        assert re.fullmatch(r"[0-9a-z]{1,7}", row["item"]) and all(len(cell) < 60 for cell in row.values())


def test_the_published_table_is_sound() -> None:
    """Counts fit, shares are within their intervals, sample sizes are those of the labels."""
    with accuracy.FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["feature"] for line in lines} >= {"attribution", "role"}
    for line in lines:
        right, found, n = int(line["right"]), int(line["found"]), int(line["n"])
        assert right <= min(found, n)
        for name, total in (("precision", found), ("recall", n)):
            low, high = (float(line[f"{name}_{end}"]) for end in ("low", "high"))
            assert (
                line[name] == (f"{right / total:.3f}" if total else "")
                and low <= (right / total if total else low) + 5e-4 <= high + 1e-3
            )
    held_out = [row for row in labelled.rows("accounts") if row["split"] == "test"]
    for name in ("human", "staff", "agent"):
        counts = {int(line["n"]) for line in lines if line["feature"].startswith("role") and line["class"] == name}
        assert counts == {sum(row["label"] == name for row in held_out)}
    bots = [int(line["n"]) for line in lines if line["feature"].startswith("role") and line["class"] == "bot"]
    assert sum(bots) == sum(row["label"] == "bot" for row in held_out)
