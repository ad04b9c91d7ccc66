"""The page of the method: definitions, what is left out, accuracy, restatements and receipts, all as published."""

from pathlib import Path

import pytest

from dashboards import accuracy, method, words
from dashboards.colours import LIGHT
from tests.snapshot_rows import NOW, World, publish_world
from tests.test_pages import opened, texts

PAGE = "pages_method.py"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the worlds were published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def test_the_answer_counts_questions_and_weak_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One question of each kind; three rules as a whole, one of them weak, and said so in words."""
    snapshot = publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    drawn = accuracy.groups(accuracy.whole(accuracy.found(snapshot)))

    assert "**1 of 3 questions of the method are answered**, 1 more in part, and 1 not at all." in texts(app)
    assert "Of 3 things that rules read or tell apart, **1 is weak**" in texts(app)
    assert "### 2 of 3 rules are right often enough; 1 is weak" in texts(app)
    assert [group["name"] for group in drawn] == ["has code", "question type", "has patch"]
    assert drawn[2]["said"] == "precision unknown, nothing found, recall unknown, nothing to find · ▲ weak"
    assert "AI reader" in texts(app) and "The tests measure it again" in texts(app)


def test_questions_unfold_by_letter_with_definition_and_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folded there is no wall of text; unfolded each metric says what it asks, cannot say, and what would fail."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    assert [fold.label for fold in app.expander if "(" in fold.label][-4:] == [
        "Responsiveness (2, 1 in part)",
        "Texts (1, 1 not answered)",
        "Not answered at all (1)",
        "Answered in part (1)",
    ]
    assert "What does answered share say" not in texts(app)
    app.session_state["letter-R-False"] = True
    said = texts(app.run()).replace("\\", "")

    assert said.index("#### R-2 Answered in time") < said.index("#### R-10 Who asks")
    assert "**answered_share**: What does answered share say?" in said and "*Version:* 1" in said
    assert "*Would fail if it were wrong:* it holds (test_x.py)" in said
    assert "*Left out in part:* Labels are not read." in said


def test_a_search_shows_only_what_speaks_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By title or by the words of a definition; what is found is unfolded at once."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    app.text_input(key="sought").set_value("First Response hours").run()
    said = texts(app).replace("\\", "")

    assert "1 of 3 questions speak of it." in said
    assert "#### R-2 Answered in time" in said and "#### R-10" not in said
    app.text_input(key="sought").set_value("nothing of the kind").run()
    assert "0 of 3 questions speak of it." in texts(app)


def test_what_is_left_out_gives_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wholly and in part, apart."""
    publish_world(tmp_path)
    said = texts(opened(monkeypatch, tmp_path, PAGE)).replace("\\", "")

    assert "- **Q-3 Tone**: Texts are not kept." in said and "- **R-10 Who asks**: Labels are not read." in said


def test_the_table_names_part_language_and_what_is_weak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scope, in words."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    app.session_state["rows-scopes"] = True
    app.run()
    app.selectbox(key="feature").select("has_code").run()
    (shown,) = [frame.value.to_dict("records") for frame in app.dataframe if "what is read" in frame.value.columns]

    assert [(row["part"], row["language"], row["weak"]) for row in shown] == [("", "", "no"), ("answer", "en", "▲ weak")]
    assert shown[0]["precision (limits)"].replace(words.GAP, " ") == "90 % (84–94 %)"
    assert (shown[0]["κ"], shown[0]["labelled twice"], shown[1]["why weak"]) == ("0.92", "12", "has_code was tried on 5 cases only.")


def test_precision_and_recall_differ_by_shape_and_what_is_unknown_is_not_drawn() -> None:
    """A rule that found nothing has no precision: no point, and no bar from 0 to 100 %."""
    lines = [
        {"look": "precision", "value": None, "low": 0.0, "high": 1.0, "note": ""},
        {"look": "recall", "value": 0.5, "low": 0.4, "high": 0.6, "note": ""},
    ]
    spec = accuracy.chart([{"name": "a", "said": "b", "short": "", "mark": "", "lines": lines}], LIGHT)

    assert [layer["mark"]["shape"] for layer in spec["layer"] if layer["mark"]["type"] == "point"] == ["circle", "square"]
    assert {layer["transform"][0]["filter"] for layer in spec["layer"] if layer["mark"]["type"] in ("point", "rule")} == {
        "isValid(datum.value)"
    }


def test_restatements_are_counted_and_their_absence_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One definition changed, and three figures with it; a first build changed nothing."""
    publish_world(tmp_path / "changed")
    publish_world(tmp_path / "first", World(has_rows=False))
    changed, first = (opened(monkeypatch, tmp_path / name, PAGE) for name in ("changed", "first"))

    assert "Definitions changed 1 time since the first build here; 3 figures of the same data say" in texts(changed)
    assert [frame.value.to_dict("records")[0]["version"] for frame in changed.dataframe] == ["1 → 2"]
    assert "No definition has changed since the first build here" in texts(first)


def test_a_receipt_is_a_command_that_names_a_published_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one with the most cases; where nothing was measured, the bare command."""
    publish_world(tmp_path / "live")
    publish_world(tmp_path / "bare", World(without=("metrics.answered_share",)))
    live, bare = ([code.value for code in opened(monkeypatch, tmp_path / name, PAGE).code] for name in ("live", "bare"))

    assert live[0].startswith("heartbeat receipt answered_share family=claude kind=tracker role=all segment=")
    assert bare == ["heartbeat receipt answered_share"]


def test_an_older_snapshot_says_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No method, no accuracy; or the one without the other."""
    publish_world(tmp_path / "both", World(without=("metrics.method_questions", "metrics.feature_accuracy")))
    publish_world(tmp_path / "one", World(without=("metrics.feature_accuracy",)))

    assert "published without the questions of the method. How often its rules are right is not in it either." in texts(
        opened(monkeypatch, tmp_path / "both", PAGE)
    )
    assert "How often rules are right is not in this snapshot." in texts(opened(monkeypatch, tmp_path / "one", PAGE))


def test_a_question_of_an_unknown_letter_or_metric_is_still_listed() -> None:
    """A newer method may have more letters, and a question may name a metric that the snapshot has not."""
    metric = {"name": "unheard_of"}
    entry = {"code": "Z-1", "title": "New", "why": None, "metrics": [metric]}

    assert list(method.by_letter([entry])) == ["Z"]
    assert "does not carry its definition" in method.asked(metric)
