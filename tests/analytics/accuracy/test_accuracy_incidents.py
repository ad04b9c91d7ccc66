"""Kinds of incidents and the stretches that pages state are read as well as is published, and fail here when they get
worse."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.sources.status.incident import Incident, Update
from tests.paths import RECORDINGS
from tests.tools import accuracy_incidents, labelled
from tests.tools.accuracy_incidents import KINDS, incident_cases, incident_table
from tests.tools.accuracy_rows import Case
from tests.tools.labelled_incidents import Labelled

here = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
FLOORS = {
    ("incident kind", "any kind"): (0.97, 0.97),
    ("incident kind", "degraded"): (0.98, 0.98),
    ("incident kind", "outage"): (0.97, 0.97),
    ("incident kind", "third-party"): (0.99, 0.92),
    ("incident window", "stated"): (0.98, 0.94),
    ("incident cause", "yes"): (1.0, 0.8),
}
"""Precision and recall on the half held out, below which nobody may fall unnoticed; kinds with fewer than ten labels
have none."""


@pytest.mark.slow
@here
@pytest.mark.parametrize(("feature", "name"), FLOORS)
def test_nothing_got_worse(feature: str, name: str) -> None:
    """A rule that gains one thing and loses another shows here."""
    (row,) = [one for one in incident_table(incident_cases()) if (one["feature"], one["class"]) == (feature, name)]
    precision, recall = FLOORS[feature, name]
    assert float(row["precision"]) >= precision and float(row["recall"]) >= recall, row


def test_there_are_labels_enough_and_half_of_them_are_held_out() -> None:
    """At least 150 incidents of the kinds that occur; no text, no stretch that is negative or half stated."""
    rows = labelled.rows("incidents")
    assert len(rows) >= 600 and len({(row["file"], row["item"]) for row in rows}) == len(rows)
    kinds = Counter(row["kind"] for row in rows)
    assert set(kinds) <= set(KINDS) and min(kinds[kind] for kind in ("degraded", "outage", "third-party")) >= 40
    assert 0.45 < sum(row["split"] == "test" for row in rows) / len(rows) < 0.55
    for row in rows:
        assert re.fullmatch(r"[0-9A-Za-z:.-]{6,60}", row["item"]) and bool(row["window_start"]) is bool(
            row["window_end"]
        ), row
        assert not row["window_start"] or row["window_start"] < row["window_end"], row
    assert sum(bool(row["window_start"]) for row in rows) >= 100


AT = datetime(2026, 11, 24, 21, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "is_right"), [(0, True), (60, True), (-60, True), (61, False), (-61, False)])
def test_a_stretch_is_right_when_both_ends_are_within_a_minute(
    monkeypatch: pytest.MonkeyPatch, seconds: int, is_right: bool
) -> None:
    """An hour too much at one end is not half right."""
    past = Incident("a", "Errors", None, None, (Update(AT, "resolved", "It failed from 19:00 to 20:00 UTC."),))
    start, end = AT - timedelta(hours=2), AT - timedelta(hours=1, seconds=seconds)
    monkeypatch.setattr(accuracy_incidents, "causes", list)
    monkeypatch.setattr(accuracy_incidents, "incidents", lambda: [Labelled(past, "", "degraded", (start, end), "test")])
    lines = {(line["feature"], line["class"]): line for line in incident_table(incident_cases())}
    window = lines["incident window", "stated"]
    assert (window["n"], window["found"], window["right"]) == ("1", "1", str(int(is_right)))


def test_what_is_found_where_nothing_is_stated_is_wrong() -> None:
    """Else a reader that sees stretches everywhere would be precise."""
    items = [
        Case("incident window", "none", "a to b", scope=accuracy_incidents.STATUS),
        Case("incident window", "c to d", "none", scope=accuracy_incidents.STATUS),
    ]
    (window,) = [line for line in incident_table(items) if line["feature"] == "incident window"]
    assert (window["n"], window["found"], window["right"], window["precision"], window["recall"]) == (
        "1",
        "1",
        "0",
        "0.000",
        "0.000",
    )
