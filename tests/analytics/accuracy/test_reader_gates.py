"""Figures on readers below their gates are suspect; errors of reading are measured on the labels."""

import csv

import duckdb
import pytest

from analytics.engine.models import read_models
from analytics.intermediate.coverage.reader_gates import FILE, judge_feature, measure_sides, reader_gates
from analytics.intermediate.coverage.reading_errors import FILE as ERRORS
from analytics.intermediate.coverage.reading_errors import parse_line
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
        ("has_x", "9", "1.000", "1.000", "Has x was tried on 9 labelled cases with something to find, and needs 10."),
        ("has_x", "10", "0.899", "0.700", "Has x is read with a precision of 0.899 where 0.90 is needed."),
        ("has_x", "10", "", "0.000", "Has x is read with a precision of 0.000 where 0.90 is needed and a recall of "
         "0.000 where 0.70 is needed."),
        ("has_y", "10", "0.800", "0.800", None),
        ("question_type=using it", "1", "", "", "Question type \"using it\" was tried on 1 labelled case with "
         "something to find, and needs 10."),
    ],
)  # fmt: skip
def test_a_feature_passes_what_it_reaches(
    feature: str, n: str, precision: str, recall: str, reason: str | None
) -> None:
    """On the edge it passes; with too few labels or none found it does not."""
    row = judge_feature({"feature": feature, "n": n, "precision": precision, "recall": recall}, GATES)
    assert (row["is_passed"], row["reason"]) == (reason is None, reason)


def test_every_feature_that_a_metric_names_has_a_gate() -> None:
    """What has no row would be ranked and judged by in silence. Solutions have not passed, thanks have."""
    rows = reader_gates(None).to_pylist()  # type: ignore[arg-type]
    gates = {row["feature"]: row["is_passed"] for row in rows if row["side"] == "all"}
    named = {feature for model in read_models() for feature in model.header.features}
    assert named <= set(gates) and not gates["has_solved"] and gates["has_thanks"]
    assert gates["helped"] and not gates["code_in_answers"]
    with FILE.open(encoding="utf-8", newline="") as file:
        assert len(gates) == len(set(gates)) < len(list(csv.DictReader(file)))


def error(feature: str, side: str, n: int, shares: tuple[float, float], sensitivity: float) -> dict[str, str]:
    """One row of the errors of reading."""
    names = dict(zip(("label_share", "rule_share"), map(str, shares), strict=True))
    common = {"feature": feature, "channel_kind": "all", "side": side, "n": str(n), "sensitivity": str(sensitivity)}
    return common | names


def test_a_reader_is_judged_on_the_labels_of_either_side() -> None:
    """Of 100 open threads 20 were helped, and 17 of the 20 that the rule finds are right; of 80 proprietary ones 8, of
    which it finds 3. That marks of the platform find others does not help; a side without labels has none."""
    lines = list(measure_sides([
        error("helped=confirmed", "open", 100, (0.2, 0.2), 0.85),
        error("helped=confirmed", "proprietary", 80, (0.1, 0.0375), 0.375),
        error("helped=any", "proprietary", 80, (0.2, 0.1375), 0.6875),
        error("kind=one", "open", 50, (0.4, 0.5), 0.9), error("kind=two", "open", 50, (0.6, 0.5), 0.7),
    ]))  # fmt: skip
    numbers = {(one["feature"], one["side"]): [one[name] for name in ("n", "precision", "recall")] for one in lines}

    assert [float(word) for word in numbers["helped", "open"]] == pytest.approx([20, 0.85, 0.85])
    assert [float(word) for word in numbers["helped", "proprietary"]] == pytest.approx([8, 1, 0.375])
    assert [float(word) for word in numbers["kind", "open"]] == pytest.approx([50, 0.78, 0.78]), "their accuracy"
    assert [float(word) for word in numbers["kind=one", "open"]] == pytest.approx([20, 0.72, 0.9])
    assert numbers["kind", "proprietary"] == ["0", "", ""]
    few = judge_feature(lines[1], GATES)
    assert (few["side"], few["is_passed"]) == ("proprietary", False)
    assert few["reason"] == (
        "Helped was tried on 8 labelled cases of proprietary families with something to find, and needs 10."
    )


def test_whether_askers_were_helped_is_read_well_on_one_side_only() -> None:
    """By the committed labels: of proprietary families there are those of a forum, and none of a tracker."""
    rows = {(row["feature"], row["side"]): row["is_passed"] for row in reader_gates(None).to_pylist()}  # type: ignore[arg-type]

    assert rows["helped", "all"] and rows["helped", "open"] and not rows["helped", "proprietary"]
    assert rows["question_type", "open"] and rows["question_type", "proprietary"]
    assert not rows["question_type=getting it to run", "open"], "a recall of .72"
    assert not rows["question_type=getting it to run", "proprietary"], "a recall of .29"
    assert not rows["code_in_answers", "open"] and not rows["code_in_answers", "proprietary"]


def test_what_rests_on_replies_is_put_right_by_whole_threads() -> None:
    """Labels of single replies do not show if errors cluster in threads."""
    of_replies = {"has_code", "has_patch", "has_command", "has_thanks", "has_solved", "is_me_too"}
    resting = {model.path.stem: model.header for model in read_models() if of_replies & set(model.header.features)}

    assert "helped_share" in resting and all(header.readings for header in resting.values())


def ask_three_families() -> duckdb.DuckDBPyConnection:
    """Sixty questions each of two open families and a proprietary one, of which all askers are helped; whether they are
    is read too badly on the proprietary side."""
    rows = Rows()
    for helped, family, side in ((30, "one", "open"), (40, "two", "open"), (60, "three", "proprietary")):
        channel = rows.channel(rows.family(family, side), role="model")
        for number in range(60):
            replies = [(1, "staff"), (2, "asker", SOLVED)] if number < helped else [(1, "staff")]
            rows.thread(channel, replies, age_hours=OLD + 168 * (number % 30), language="en", question_type="using it")
    con = measure(rows)
    close_gate(con, "helped", "proprietary")
    return con


def find_states(con: duckdb.DuckDBPyConnection, metric: str, **wanted: str) -> dict[str, str]:
    """The state of the figure of either side."""
    common = {"segment": "all", "channel_kind": "tracker", "channel_role": "all", "window": "all"}
    return {row["side"]: row["state"] for row in found(con, metric, **common | wanted)}


def test_what_is_read_too_badly_on_a_side_is_suspect_there() -> None:
    """It keeps its value and says why; what rests on no rule, or is of the other side, is measured."""
    con, apart = ask_three_families(), {"open": "measured", "proprietary": "suspect"}

    assert find_states(con, "helped_share", statistic="any") == apart
    assert find_states(con, "closed_unhelped_share", statistic="helped") == apart
    assert set(find_states(con, "helped_share", statistic="fix_merged").values()) == {"measured"}
    (doubtful,) = found(
        con, "helped_share", statistic="any", segment="all", channel_kind="tracker", channel_role="all", window="all",
        side="proprietary",
    )  # fmt: skip
    assert doubtful["value"] == 1.0 and "helped fails." in doubtful["note"]
    places = found(con, "channel_help", question_type="all", statistic="within_7d", window="all")
    assert {row["side"]: row["state"] for row in places} == apart
    close_gate(con, "question_type", "open")
    types = {row["segment"][:4]: row["state"] for row in found(con, "helped_share", statistic="any", side="open")}
    assert types == {"all": "measured", "lang": "measured", "type": "suspect"}


def test_what_is_suspect_is_ranked_nowhere() -> None:
    """The open families have ranks and the proprietary one none; if the rule fails over all labels, nobody has."""
    con = ask_three_families()
    ranked = {(row["metric"], row["family_id"]) for row in found(con, "family_ranks")}
    assert {family for metric, family in ranked if metric == "helped_share"} == {"one", "two"}
    assert {family for metric, family in ranked if metric == "answered_share"} == {"one", "two", "three"}
    close_gate(con, "helped")
    assert "helped_share" not in {row["metric"] for row in found(con, "family_ranks")}


def reading(label: int, rule: int, weight: float = 1.0, thread: str = "") -> Reading:
    """One text of a forum."""
    return Reading("has_x", "reply", "forum", "open", thread, weight, bool(label), bool(rule))


def test_errors_of_reading_are_weighted_means_with_threads_as_clusters() -> None:
    """By hand: of 24 texts 6 are missed and 2 wrongly found; a weight of two counts twice."""
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
