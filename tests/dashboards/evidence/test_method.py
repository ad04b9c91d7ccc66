"""The method: every metric with its definition, and how well texts are read, all as published."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.evidence import accuracy
from tests.dashboards.test_pages import opened, texts
from tests.worlds.page_worlds import NOW
from warehouse.snapshot import read_current
from warehouse.wording import GAP

Home = Callable[[str], Path]
PAGE = "evidence/data.py"
QUESTION = "What share of askers is answered by a person within a day, a week, a month?"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the worlds were published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def test_readers_are_counted_by_their_gates(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three readers, of which one passes: one right in 82 % is below its gate if it needs 90."""
    snapshot = read_current(state_home("gates"))
    assert snapshot is not None
    said = texts(opened(monkeypatch, state_home("gates"), PAGE))
    groups = accuracy.make_groups(accuracy.load_readers(snapshot))
    drawn = {group["name"]: group["said"].replace(GAP, " ") for group in groups}

    assert "2 of 3 text rules are below a gate" in said
    assert drawn["contains code"].endswith("; needs 90 % · ▲ below its gate")
    assert drawn["contains a patch"].startswith("– / –; ")
    assert "below its gate" not in drawn["says thanks"]


def test_a_reader_that_fails_on_a_side_is_marked_with_it(sample_home: Path) -> None:
    """As the gates say, which have more than the accuracy over all labels."""
    snapshot = read_current(sample_home)
    assert snapshot is not None
    failures = {accuracy.name_feature(row): accuracy.describe_failure(row) for row in accuracy.load_readers(snapshot)}

    assert failures["helped"] == "▲ below its gate for proprietary families"
    assert failures["question type"] == "▲ some of its classes below their gate"
    assert failures["code in answers"] == "▲ below its gate" and failures["says thanks"] == ""


def test_a_reader_that_was_tried_on_too_few_cases_says_how_many() -> None:
    """What it needs is no reason if it has all of that."""
    row = {"feature": "has_patch", "class": "yes", "is_passed": False, "sought_count": 1, "failed_sides": []}
    row |= {f"{name}{end}": 1.0 for name in ("precision", "recall") for end in ("", "_low", "_high")}
    (group,) = accuracy.make_groups([row | {"needed_precision": 0.8, "needed_recall": 0.8}])

    assert group["said"].endswith("; 1 to find, too few · ▲ below its gate")


def test_a_measure_is_looked_up_by_its_name_in_the_address(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Question, unit, standard, version, grain, caveats and proof, as its own file says; what nobody has is left
    out."""
    app, none = (opened(monkeypatch, sample_home, PAGE, metric=name) for name in ("answered_share", "<script>"))
    said = texts(app).replace("\\", "")

    assert (
        len(app.selectbox(key="metric").options) > 40
        and app.selectbox(key="metric").value == "answered_share"
        and none.selectbox(key="metric").value is None
    )
    assert f"**answered_share**: {QUESTION}" in said
    assert "*Version:* 5 · *Grain:*" in said and "*Keep in mind:* One minus the share still waiting" in said
    assert "*Would fail if it were wrong:* leaving out the unanswered reverses the rank" in said
    assert not none.exception and QUESTION not in texts(none) and "<script>" not in texts(none)


def test_precision_and_recall_differ_by_shape_and_what_is_unknown_is_not_drawn() -> None:
    """A rule that found nothing has no precision: no point, and no bar from 0 to 100 %."""
    lines = [
        {"look": "precision", "value": None, "low": 0.0, "high": 1.0, "note": ""},
        {"look": "recall", "value": 0.5, "low": 0.4, "high": 0.6, "note": ""},
    ]
    spec = accuracy.draw_accuracy([{"name": "a", "said": "b", "short": "", "lines": lines}], LIGHT)

    (drawn,) = [part for part in spec["layer"] if "point" in [layer["mark"]["type"] for layer in part["layer"]]]
    assert [row["shape"] for row in drawn["data"]["values"]] == ["circle", "square"]
    filters = [layer["transform"][0]["filter"] for layer in drawn["layer"]]
    assert filters == ["isValid(datum.value)", "isValid(datum.value)"]


def test_an_older_snapshot_leaves_out_what_it_lacks(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """No accuracy; the page opens all the same."""
    app = opened(monkeypatch, state_home("older version"), PAGE)
    assert not app.exception and "readers pass" not in texts(app) and app.selectbox(key="metric").options
