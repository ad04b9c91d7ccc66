"""What is read too badly is a trial, by gates that stand in one place; and errors of reading are measured as drawn."""

import csv

import duckdb
import pytest

from analytics.engine.models import read_models
from analytics.intermediate.coverage.reader_gates import FILE, judge_feature, reader_gates
from analytics.intermediate.coverage.reading_errors import FILE as ERRORS
from analytics.intermediate.coverage.reading_errors import parse_line
from analytics.intermediate.coverage.trial_metrics import trial_metrics
from pipelines.text.question_types import CLASSES
from tests.tools.reading_errors import Reading, error_table
from tests.worlds.rows import Rows, close_gate, found, measure
from tests.worlds.thread_cells import OLD, SOLVED

GATES = {
    "least_labelled_count": 10,
    "default": {"precision": 0.8, "recall": 0.8},
    "feature": {"has_x": {"precision": 0.9, "recall": 0.7}},
}


@pytest.mark.parametrize(
    ("feature", "n", "precision", "recall", "reason"),
    [
        ("has_x", "10", "0.900", "0.700", None),
        ("has_x", "9", "1.000", "1.000", "has_x was tried on 9 labelled cases with something to find, and needs 10."),
        ("has_x", "10", "0.899", "0.700", "has_x is read with a precision of 0.90 where 0.90 is needed."),
        ("has_x", "10", "", "0.000", "has_x is read with a precision of 0.00 where 0.90 is needed and a recall of 0.00 "
         "where 0.70 is needed."),
        ("has_y", "10", "0.800", "0.800", None),
    ],
)  # fmt: skip
def test_a_feature_passes_what_it_reaches(
    feature: str, n: str, precision: str, recall: str, reason: str | None
) -> None:
    """On the edge it passes; without labels enough, or where nothing is found, it does not."""
    row = judge_feature({"feature": feature, "n": n, "precision": precision, "recall": recall}, GATES)
    assert (row["is_passed"], row["reason"]) == (reason is None, reason)


def test_every_feature_that_a_metric_names_has_a_gate() -> None:
    """What has no row would be ranked and judged by in silence. Solutions have not passed, thanks have."""
    gates = {row["feature"]: row["is_passed"] for row in reader_gates(None).to_pylist()}  # type: ignore[arg-type]
    named = {feature for model in read_models() for feature in model.header.features}
    assert named <= set(gates) and not gates["has_solved"] and gates["has_thanks"]
    assert gates["helped"] and not gates["code_in_answers"]
    with FILE.open(encoding="utf-8", newline="") as file:
        assert len(gates) == len(set(gates)) < len(list(csv.DictReader(file)))


def test_a_metric_on_a_reader_that_has_not_passed_is_a_trial() -> None:
    """By the features of its header; one without features never is."""
    connection = duckdb.connect()
    connection.execute(
        "create schema metrics; create table metrics.reader_gates (feature text, is_passed bool, reason text)"
    )
    connection.execute(
        "insert into metrics.reader_gates values ('code_in_answers', false, 'too few'), ('helped', true, null)"
    )
    rows = [tuple(row.values()) for row in trial_metrics(connection).to_pylist()]

    assert rows == [("code_answer_share", "code_in_answers", "too few")]


def test_what_rests_on_replies_is_put_right_by_whole_threads() -> None:
    """Labels of single replies do not tell whether their errors fall in the same threads or in many."""
    of_replies = {"has_code", "has_patch", "has_command", "has_thanks", "has_solved", "is_me_too"}
    resting = {model.path.stem: model.header for model in read_models() if of_replies & set(model.header.features)}

    assert "helped_share" in resting and all(header.readings for header in resting.values())


def test_trials_rank_nobody() -> None:
    """Twenty questions each of two families, half of those of one helped: a figure for both, a rank for neither."""
    rows = Rows()
    for helped, name in ((10, "one"), (20, "two")):
        channel = rows.channel(rows.family(name), role="model")
        for number in range(20):
            replies = [(1, "staff"), (2, "asker", SOLVED)] if number < helped else [(1, "staff")]
            rows.thread(channel, replies, age_hours=OLD, language="en", question_type="using it")
    con = measure(rows)
    close_gate(con, "helped")
    ranked = {row["metric"] for row in found(con, "family_ranks")}
    assert "answered_share" in ranked and "helped_share" not in ranked
    assert len(found(con, "helped_share", statistic="any", segment="all", channel_role="all", window="all")) >= 2


def reading(label: int, rule: int, weight: float = 1.0, thread: str = "") -> Reading:
    """One text of a forum."""
    return Reading("has_x", "reply", "forum", "open", thread, weight, bool(label), bool(rule))


def test_errors_of_reading_are_weighted_means_with_threads_as_clusters() -> None:
    """By hand: of 24 texts 6 missed and 2 found in vain; one that stands for twice as many counts twice."""
    items = [(1, 0)] * 6 + [(0, 1)] * 2 + [(1, 1)] * 8 + [(0, 0)] * 8
    plain = [reading(*pair, thread=str(number)) for number, pair in enumerate(items)]
    (row, *_) = error_table(plain)
    assert (row["n"], row["label_share"], row["rule_share"], row["shift"]) == ("24", "0.583333", "0.416667", "0.166667")
    assert float(row["shift_variance"]) == pytest.approx((8 / 24 - (4 / 24) ** 2) / 23, abs=1e-6)
    assert (row["sensitivity"], row["specificity"]) == ("0.571429", "0.800000")

    weighted = [reading(*pair, 2.0 if pair == (1, 0) else 1.0, str(number)) for number, pair in enumerate(items)]
    assert error_table(weighted)[0]["shift"] == f"{(12 - 2) / 30:.6f}"
    (pairs, *_) = error_table([reading(*pair, thread=str(number // 2)) for number, pair in enumerate(items)])
    assert float(pairs["shift_variance"]) > 1.5 * float(row["shift_variance"]), "mistakes that come in pairs tell less"
    (faultless, *_) = error_table([reading(1, 1, thread=str(number)) for number in range(20)])
    assert float(faultless["shift_variance"]) > 0, "no mistake seen is not none"
    assert error_table(plain[:19]) == []


def test_the_committed_errors_are_sound() -> None:
    """Every class of questions has its row for all, shares fit, and variances are above zero."""
    with ERRORS.open(encoding="utf-8", newline="") as file:
        rows = [parse_line(line) for line in csv.DictReader(file)]
    whole = {row["feature"] for row in rows if row["channel_kind"] == row["side"] == "all"}
    assert {f"question_type={name}" for name in CLASSES} | {"helped=any", "code_in_answers=any"} <= whole
    for row in rows:
        assert row["shift"] == pytest.approx(float(row["label_share"] or 0) - float(row["rule_share"] or 0), abs=2e-6)
        assert float(row["shift_variance"] or 0) > 0 and int(row["labelled_count"] or 0) >= 20
