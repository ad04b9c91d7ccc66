"""The page of the method: definitions, what is left out, accuracy, restatements and receipts, all as published."""

from pathlib import Path

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.evidence import accuracy, method_questions, restatements
from tests.dashboards.test_pages import opened, texts
from tests.worlds.snapshots.rows import NOW, World, publish_world
from warehouse.wording import GAP

PAGE = "evidence/method.py"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the worlds were published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def test_the_answer_counts_questions_and_readers_below_their_gates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One question of each kind; three readers, of which one passes. What decides over trials is said, and nothing
    else: a reader right in 90 % is below its gate where it needs 95."""
    snapshot = publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    whole = accuracy.select_whole(accuracy.load_accuracy(snapshot))
    drawn = accuracy.make_groups(accuracy.judge_by_gates(whole, accuracy.load_gates(snapshot)))
    assert [title.value for title in app.title] == ["Method"]

    assert "**1 of 3 questions are answered in full**; 2 readers are below the gate." in texts(app)
    assert "1 of 3 questions of the method are answered, 1 more in part, and 1 not at all." in texts(app)
    assert "Of 3 readers of texts, accounts and incidents 2 are below the gate" in texts(app)
    assert "1 of 3 readers pass their gate; 2 are below it" in texts(app)
    assert [group["name"] for group in drawn] == ["question type", "has code", "has patch"]
    assert drawn[1]["said"].replace(GAP, " ").endswith("; needs 95 % and 90 % · ▲ below its gate")
    assert drawn[2]["said"].startswith("precision unknown, nothing found, recall unknown, nothing to find; needs")
    assert "AI reader" in texts(app) and "the tests measure it again" in texts(app)


def test_a_reader_that_was_tried_on_too_few_cases_says_how_many() -> None:
    """What it needs is no reason where it has all of that."""
    row = {"feature": "has_patch", "class": "yes", "is_weak": False, "labelled_count": 1}
    row |= {f"{name}{end}": 1.0 for name in ("precision", "recall") for end in ("", "_low", "_high")}
    gate = {"needed_precision": 0.8, "needed_recall": 0.8, "precision": 1.0, "recall": 1.0, "labelled_count": 1}
    (group,) = accuracy.make_groups(accuracy.judge_by_gates([row], {"has_patch": gate | {"is_passed": False}}))

    assert group["said"].endswith("; 1 to find, too few · ▲ below its gate")


def test_an_older_snapshot_without_gates_counts_weak_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot say which gates they miss."""
    snapshot = publish_world(tmp_path, World(without=("metrics.reader_gates",)))
    app = opened(monkeypatch, tmp_path, PAGE)
    drawn = accuracy.make_groups(accuracy.select_whole(accuracy.load_accuracy(snapshot)))

    assert "**1 of 3 questions are answered in full**; 1 reader is weak." in texts(app)
    assert "Of 3 features that rules read or distinguish, 1 is weak" in texts(app)
    assert "2 of 3 rules are accurate enough; 1 is weak" in texts(app)
    assert drawn[2]["said"] == "precision unknown, nothing found, recall unknown, nothing to find · ▲ weak"


def test_questions_unfold_by_letter_with_definition_and_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folded there is no wall of text; unfolded each metric says what it asks, cannot say, and what would fail."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    folds = [fold.label for fold in app.expander if not fold.label.startswith("Behind")]
    assert folds[:2] == ["Responsiveness (2, 1 in part)", "Texts (1, 1 not answered)"]
    assert folds[2].startswith("How accurate it is, what is left out and what was restated (")
    assert "What does answered share say" not in texts(app)
    app.session_state["letter-R-False"] = True
    said = texts(app.run()).replace("\\", "")

    assert said.index("### R-2 Answered in time") < said.index("### R-10 Who asks")
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
    assert "### R-2 Answered in time" in said and "### R-10" not in said
    app.text_input(key="sought").set_value("nothing of the kind").run()
    assert "0 of 3 questions speak of it." in texts(app)


def test_what_is_left_out_comes_first_and_gives_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at all, in part, then what is answered, with the measures that answer it."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    (shown,) = [frame.value.to_dict("records") for frame in app.dataframe if "left out because" in frame.value.columns]

    assert "What is left out, and why: of 3 questions 1 not answered and 1 in part" in texts(app)
    assert [(row["question"], row["left out because"]) for row in shown[:2]] == [
        ("Q-3", "Texts are not kept."),
        ("R-10", "Labels are not read."),
    ]
    assert (shown[2]["state"], shown[2]["measures"].split(", ")[0]) == ("answered", "answered_share")


def test_a_measure_is_looked_up_by_its_name_in_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Question, unit, standard, version, grain, caveats and proof, as its own file says; what nobody has is left
    out."""
    publish_world(tmp_path)
    app, none = (opened(monkeypatch, tmp_path, PAGE, metric=name) for name in ("answered_share", "<script>"))
    said = texts(app).replace("\\", "")

    assert app.selectbox(key="metric").value == "answered_share" and none.selectbox(key="metric").value is None
    assert "**answered_share**: What does answered share say?" in said
    assert "*Version:* 1 · *Grain:*" in said and "*Keep in mind:* Only public channels are seen." in said
    assert "*Would fail if it were wrong:* it holds (test_x.py)" in said
    assert not none.exception and "What does answered share say?" not in texts(none) and "<script>" not in texts(none)


def test_the_table_names_part_language_and_what_is_weak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scope, in words."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    (every,) = [frame.value.to_dict("records") for frame in app.dataframe if "what is read" in frame.value.columns]
    shown = [row for row in every if row["what is read"] == "has_code"]

    assert [(row["part"], row["language"], row["weak"]) for row in shown] == [
        ("", "", "no"),
        ("answer", "en", "▲ weak"),
    ]
    assert shown[0]["precision (limits)"].replace(GAP, " ") == "90 % (84–94 %)"
    assert (shown[0]["κ"], shown[0]["labelled twice"], shown[1]["why weak"]) == (
        "0.92",
        "12",
        "has_code was tried on 5 cases only.",
    )


def test_precision_and_recall_differ_by_shape_and_what_is_unknown_is_not_drawn() -> None:
    """A rule that found nothing has no precision: no point, and no bar from 0 to 100 %."""
    lines = [
        {"look": "precision", "value": None, "low": 0.0, "high": 1.0, "note": ""},
        {"look": "recall", "value": 0.5, "low": 0.4, "high": 0.6, "note": ""},
    ]
    spec = accuracy.draw_accuracy([{"name": "a", "said": "b", "short": "", "mark": "", "lines": lines}], LIGHT)

    (drawn,) = [part for part in spec["layer"] if "point" in [layer["mark"]["type"] for layer in part["layer"]]]
    assert [row["shape"] for row in drawn["data"]["values"]] == ["circle", "square"]
    filters = [layer["transform"][0]["filter"] for layer in drawn["layer"]]
    assert filters == ["isValid(datum.value)", "isValid(datum.value)"]


def test_restatements_are_counted_and_their_absence_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One definition changed, and three figures with it, and one was removed; a first build changed nothing."""
    publish_world(tmp_path / "changed")
    publish_world(tmp_path / "first", World(has_rows=False))
    changed, first = (opened(monkeypatch, tmp_path / name, PAGE) for name in ("changed", "first"))

    assert "Definitions changed 2 times since the first build here" in texts(changed)
    assert (
        "4 figures of the same data have changed since: 1 another value, 1 only another interval, number or coverage, "
        "1 no longer published and 1 no value before or after." in texts(changed)
    )
    (shown,) = [frame.value for frame in changed.dataframe if "version" in frame.value.columns]
    assert list(zip(shown["version"], shown["why"], strict=True)) == [
        ("1 → 2", "A mere +1 is no answer. The interval is wider."),
        ("1 → no longer published", "Nobody is ranked by it any more."),
    ]
    assert "`heartbeat export restatements` writes what each of them said before" in texts(changed)
    (moved,) = [
        frame.value for frame in changed.dataframe if "before" in frame.value.columns and "family" in frame.value
    ]
    assert [(row.family, row.before, row.after, row.widths) for row in moved.itertuples()] == [
        ("qwen", "0.5 (0.4 to 0.6), n = 100", "0.7 (0.6 to 0.8), n = 120", 1.0)
    ]
    assert "No definition has changed since the first build here" in texts(first)


def test_definitions_that_changed_no_figure_are_counted_and_not_listed() -> None:
    """After an upgrade they are a third of all; where no other changed they are all there is to list."""
    kinds = dict.fromkeys(restatements.KINDS, 0)
    row = {"name": "a_share", "old_version": 1, "new_version": 2, "as_of_at": NOW, "reason": "", **kinds}
    unmoved, moved = row | {"restated_count": 0}, row | {"restated_count": 3, "another value": 3}
    both, alone = (restatements.draw_changes(rows) for rows in ([moved, unmoved], [unmoved]))

    assert "1 changed no figure and is not listed." in both.subtitle and len(both.shown or []) == 1
    assert alone.subtitle == "No figure of the same data changed with them." and len(alone.shown or []) == 1


def test_a_receipt_is_a_command_that_names_a_published_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one with the most cases; where nothing was measured, the bare command."""
    publish_world(tmp_path / "live")
    publish_world(tmp_path / "bare", World(without=("metrics.answered_share",)))
    live, bare = (texts(opened(monkeypatch, tmp_path / name, PAGE)) for name in ("live", "bare"))

    assert "`heartbeat receipt answered_share family=claude kind=tracker role=all segment=" in live
    assert "`heartbeat receipt answered_share`" in bare


def test_an_older_snapshot_says_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No method, no accuracy; or the one without the other."""
    publish_world(tmp_path / "both", World(without=("metrics.method_questions", "metrics.feature_accuracy")))
    publish_world(tmp_path / "one", World(without=("metrics.feature_accuracy",)))

    assert "published without the questions of the method. Nor is the accuracy of its rules." in texts(
        opened(monkeypatch, tmp_path / "both", PAGE)
    )
    assert "The accuracy of the rules is not in this snapshot." in texts(opened(monkeypatch, tmp_path / "one", PAGE))


def test_a_question_of_an_unknown_letter_or_metric_is_still_listed() -> None:
    """A newer method may have more letters, and a question may name a metric that the snapshot has not."""
    metric = {"name": "unheard_of"}
    entry = {"code": "Z-1", "title": "New", "why": None, "metrics": [metric]}

    assert list(method_questions.group_by_letter([entry])) == ["Z"]
    assert "does not carry its definition" in method_questions.describe_metric(metric)
