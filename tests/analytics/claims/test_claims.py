"""The board of claims: every verdict can come out either way, wrong files are refused by line, and history is kept."""

import re
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from analytics.claims.judging import count_needed
from analytics.claims.reader import FOLDER, Verdict, read_claims, read_headlines
from analytics.claims.verdict_history import TABLE, keep_verdicts
from analytics.engine.build import build_tables
from analytics.engine.items import read_metric_header, read_share_items
from analytics.engine.models import ROOT, read_models
from tests.worlds.claim_worlds import CLOSED, LIKE_CLOSED, LIKE_OPEN, OPEN, world
from tests.worlds.rows import Rows, close_gate, cut, found, measure
from tests.worlds.warehouse_rows import MODELS, empty_warehouse
from warehouse.faults import WarehouseError

IDS = ["h1", "h2", "h3", "h4", "h5", "h6", "h7"]


@cache
def _board(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Verdicts and tests of a hand-made world; each is measured once."""
    worlds: dict[str, Callable[[], Rows]] = {
        "as the essay says": lambda: world((OPEN,), (CLOSED,)),
        "the other way round": lambda: world((CLOSED,), (OPEN,)),
        "too close": lambda: world((LIKE_OPEN,), (LIKE_CLOSED,), families=4, threads=40),
        "two families a side": lambda: world((OPEN,), (CLOSED,), families=2, threads=20),
        "unlike places": lambda: world((OPEN,), (CLOSED,), families=4, threads=20, roles=("model", "cli")),
        "nobody": Rows,
    }
    con = measure(worlds[name]())
    return found(con, "claim_verdicts"), found(con, "claim_tests", left_out="none")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("as the essay says", "holds"),
        ("the other way round", "refuted"),
        ("two families a side", "too few data"),
        ("nobody", "too few data"),
    ],
)
def test_every_claim_comes_out_as_its_world_is(name: str, verdict: str) -> None:
    """A board that cannot say no says nothing."""
    verdicts, _ = _board(name)

    # Nothing that is collected decides the fourth.
    expected = dict.fromkeys(IDS, verdict) | {"h4": "cannot be observed"}
    assert {row["claim_id"]: row["verdict"] for row in verdicts} == expected


@pytest.mark.slow
def test_what_is_too_close_is_said_to_be() -> None:
    """One thread in ten apart, with forty threads a family: intervals reach across the five points that matter, or, in
    one case, do not stand out among all tests of the board. Fewer than twenty threads a family are about getting it to
    run, and too few are answered to say how few people answer half.
    Prices and derived models are counted in full, so that they are never too close."""
    verdicts = {row["claim_id"]: row["verdict"] for row in _board("too close")[0]}

    assert verdicts == {
        "h1": "holds",
        "h2": "too few data",
        "h3": "holds",
        "h4": "cannot be observed",
        "h5": "too few data",
        "h6": "too close to call",
        "h7": "too close to call",
    }


@pytest.mark.slow
def test_sides_in_unlike_places_are_not_compared() -> None:
    """Models' own trackers on one side and command lines on the other: what differs may be the place."""
    verdicts = {row["claim_id"]: row["verdict"] for row in _board("unlike places")[0]}
    (row,) = [row for row in _board("unlike places")[1] if row["statistic"] == "within_24h"]

    assert (verdicts["h6"], verdicts["h7"]) == ("too few data", "too few data")
    assert row["detectable_note"] == (
        "No difference can be found: 3 families on each side with enough like cases are needed; found: no families."
    )


@pytest.mark.slow
def test_every_test_flips_with_the_world() -> None:
    """Of the tests that decide none is stuck: each supports in one world and refutes in the other."""
    for name, verdict in (("as the essay says", "supported"), ("the other way round", "ruled out")):
        outcomes = {(row["metric"], row["statistic"]): row["verdict"] for row in _board(name)[1]}
        assert set(outcomes.values()) == {verdict}, outcomes


@pytest.mark.slow
def test_a_verdict_is_explained_by_effect_interval_and_what_it_rests_on() -> None:
    """Open families answer nobody within a day, proprietary ones everybody; in like channels, at like ages, to like
    questions."""
    (row,) = [
        row
        for row in _board("as the essay says")[1]
        if (row["metric"], row["statistic"]) == ("answered_share", "within_24h")
    ]

    assert cut(row, "effect_low", "open_count", "proprietary_count") == (-1, 4, 4)
    assert row["effect"] == pytest.approx(-1)
    assert row["p_supported"] < 1e-6 and row["p_ruled_out"] > 0.99
    assert row["effect_low"] - 1e-9 <= row["effect"] <= row["effect_high"] < -0.05
    assert row["verdict"] == "supported"
    assert re.fullmatch(
        r"A true difference of [\d.]+ points is found with 80 % power by 4 open families with 1,040 items and 4"
        r" proprietary families with 920 items\.",
        row["detectable_note"],
    )


@pytest.mark.slow
def test_what_is_counted_in_full_says_so_and_leaves_nothing_to_chance() -> None:
    """Prices and derived models are counted, not sampled."""
    verdicts, _ = _board("as the essay says")
    counted = {row["claim_id"] for row in verdicts if row["p_adjusted"] == 0}
    notes = {row["claim_id"]: row["detectable_note"] for row in verdicts if row["claim_id"] in counted}

    shows = "is counted here: any difference that matters shows."
    assert notes == {"h1": f"Everything that OpenRouter lists {shows}", "h3": f"Everything that the Hub lists {shows}"}


@pytest.mark.slow
def test_what_is_not_decided_is_not_called_firm() -> None:
    """A verdict without data is never firm, with or without any family."""
    verdicts, _ = _board("nobody")

    assert {row["sensitivity_note"] for row in verdicts} == {"There is no verdict yet that could change."}
    assert {row["detectable_note"] for row in verdicts if row["verdict"] == "too few data"} == {
        "No difference can be found: 3 families on each side with enough like cases are needed; found: no families.",
        "No difference can be found: 3 families with enough like cases are needed; found: no families.",
    }


@pytest.mark.slow
def test_a_verdict_that_hangs_on_one_family_says_so() -> None:
    """With three families a side two are left when one goes; the board then lacks data, and says without whom."""
    verdicts, _ = _board("as the essay says")
    con = measure(world((OPEN, CLOSED), (CLOSED,), families=3, threads=20))
    fragile = found(con, "claim_verdicts", claim_id="h6")[0]

    notes = {row["claim_id"]: row["sensitivity_note"] for row in verdicts}
    assert notes.pop("h4") == "There is no verdict yet that could change."
    assert set(notes.values()) == {"The verdict is the same whichever family is excluded."}
    assert fragile["verdict"] == "holds" and fragile["sensitivity_note"].count("too few data without") == 6
    assert re.findall(r"without ([a-z])", fragile["sensitivity_note"]) == [], "by the titles of pages, not by ids"


@pytest.mark.slow
def test_what_is_closed_by_policy_cannot_be_observed_rather_than_missing() -> None:
    """Answers of makers who answer nobody in public cannot be seen: the catalog says so, and so does the test."""
    rows = world((OPEN,), (CLOSED,), families=3, threads=1)
    for family in ("proprietary-0", "proprietary-1", "proprietary-2"):
        for kind in ("tracker", "forum", "subreddit", "tag"):
            closed = {"state": "closed by policy", "why": "It answers nobody there."}
            rows.add("absences", family_id=family, channel_kind=kind, **closed)
    trackers = [
        row
        for row in rows.tables["channels"]
        if row["role"] in ("sdk", "hub") and row["family_id"].startswith("proprietary")
    ]
    rows.tables["channels"] = [row for row in rows.tables["channels"] if row not in trackers]
    rows.tables["threads"] = [row for row in rows.tables["threads"] if row["family_id"].startswith("open")]
    found_tests = found(measure(rows), "claim_tests", claim_id="h6", left_out="none", metric="answered_share")

    assert {row["verdict"] for row in found_tests} == {"cannot be observed"}


@pytest.mark.slow
def test_a_claim_whose_readers_fail_their_gate_is_not_judged() -> None:
    """However clear the figures are: what rests on a reader that is often wrong is no evidence."""
    rows = world((OPEN,), (CLOSED,), families=3, threads=20)
    con = measure(rows)
    close_gate(con, "question_type")
    verdicts = {row["claim_id"]: row["verdict"] for row in found(con, "claim_verdicts")}
    (row,) = found(con, "claim_tests", claim_id="h2", test_number=1, left_out="none")

    assert (verdicts["h2"], verdicts["h6"]) == ("cannot be read", "holds")
    assert row["verdict"] == "cannot be read"
    assert row["detectable_note"] == "No difference can be found. question_type fails."


@pytest.mark.slow
def test_a_reader_that_fails_on_one_side_decides_nothing() -> None:
    """It finds most of the help on one side and little on the other: what it reports would be its own difference. Three
    of four tests of who answers fast read no texts, and decide that claim."""
    con = measure(world((OPEN,), (CLOSED,), families=3, threads=20))
    close_gate(con, "helped", "proprietary")
    verdicts = {row["claim_id"]: row for row in found(con, "claim_verdicts")}
    rows = found(con, "claim_tests", left_out="none")
    tests = {(row["claim_id"], row["metric"]): row["verdict"] for row in rows}
    notes = {row["detectable_note"] for row in rows if row["verdict"] == "cannot be read"}

    assert notes == {"No difference can be found. helped fails."}
    assert (verdicts["h2"]["verdict"], verdicts["h6"]["verdict"]) == ("cannot be read", "holds")
    assert tests["h2", "helped_share"] == tests["h6", "helped_share"] == "cannot be read"
    assert tests["h6", "closed_unhelped_share"] == "supported", "who closed a thread is not read from texts"
    assert verdicts["h6"]["tests_note"] == "4 tests: 3 supported, 1 cannot be read"
    assert verdicts["h6"]["wording"].endswith(
        "do better by most of the signs that were tested: answered within 24 hours; answered within a week; closed by a"
        " bot or as unwanted, unanswered."
    )
    assert verdicts["h2"]["sensitivity_note"] == "There is no verdict yet that could change."


def test_the_first_sentence_of_a_verdict_is_what_is_not_compared() -> None:
    """Prices say nothing of quality, changes have no other side, and runtimes are in no comparison of places."""
    first = {claim.id: claim.not_compared for claim in read_claims()}

    assert first["h1"].startswith("Quality is not compared") and "no other side" in first["h3"]
    assert all("untimes such as llama.cpp and vLLM" in first[claim] for claim in ("h2", "h4", "h5", "h6", "h7"))


def test_a_test_rests_on_the_reader_of_its_statistic() -> None:
    """And of its class, and on that of questions if it is about a type of them."""
    readers = {
        (claim.id, test.metric): read_metric_header(test.metric).list_readers(test.statistic, test.segment)
        for claim in read_claims()
        for test in claim.tests
    }

    assert readers["h2", "question_mix_share"] == ["question_type", "question_type=getting it to run"]
    types = ["question_type", "question_type=getting it to run"]
    assert readers["h2", "helped_share"] == ["helped", "helped=any", *types]
    assert readers["h6", "closed_unhelped_share"] == readers["h6", "answered_share"] == []
    assert readers["h7", "code_answer_share"] == ["code_in_answers", "code_in_answers=any"]


def _refused(tmp_path: Path, old: str, new: str) -> str:
    text = (FOLDER / "h6_fast.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "h6_fast.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WarehouseError) as refusal:
        read_claims(tmp_path)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('says = "open lower"', 'says = "open low"', "Input should be 'open higher'"),
        ("least_effect = 0.05", "least_effect = 0", "Input should be greater than 0"),
        ('holds = "', 'proven = "', "Input should be 'holds', 'mixed'"),
        ("mixed = ", "# ", "Dictionary should have at least 7 items"),
    ],
)
def test_a_wrong_claim_is_refused_by_file_and_field(tmp_path: Path, old: str, new: str, message: str) -> None:
    refusal = _refused(tmp_path, old, new)

    assert refusal.startswith(f"{tmp_path / 'h6_fast.toml'}: ")
    assert message in refusal


@pytest.mark.parametrize(("length", "is_enough"), [(19, False), (20, True)])
def test_a_test_must_say_why_it_tests_the_claim(length: int, is_enough: bool) -> None:
    """In twenty characters at least."""
    (claim, *_) = read_claims()
    given = claim.tests[0].model_dump() | {"why": "x" * length}

    with nullcontext() if is_enough else pytest.raises(ValueError, match="at least 20 characters"):
        assert type(claim.tests[0]).model_validate(given)


def test_the_shipped_claims_are_seven_each_with_words_for_every_verdict() -> None:
    claims = read_claims()

    assert [claim.id for claim in claims] == IDS
    assert all(set(claim.wording) == set(get_args(Verdict)) for claim in claims)
    assert [claim.id for claim in claims if not claim.tests] == ["h4"]
    assert read_headlines()


def test_the_shipped_claims_and_headlines_name_figures() -> None:
    """A test of an unknown metric, statistic or segment would stay silent for ever."""
    tests = [test for claim in read_claims() for test in claim.tests]
    for figure in [*tests, *read_headlines()]:
        header = read_metric_header(figure.metric)
        assert figure.statistic in header.statistics, figure
        assert figure.segment in (*header.segments, "type:getting it to run"), figure
    assert {read_metric_header(headline.metric).better for headline in read_headlines()} <= {"high", "low"}


def test_like_is_compared_with_like() -> None:
    """With a level, item by item, or by figures that are of no place: others would be of unlike places."""
    for test in (test for claim in read_claims() for test in claim.tests):
        is_of_no_place = read_metric_header(test.metric).roles == "together"
        assert test.has_level or is_of_no_place or read_share_items(test.metric), test


def test_a_verdict_says_no_more_than_its_rule_asks() -> None:
    """If some tests are enough, words that name each of them would claim one that failed."""
    loose = [claim for claim in read_claims() if (count := len(claim.tests)) > count_needed(claim.rule, count)[0]]

    assert [claim.id for claim in loose] == ["h6"]
    ends: dict[Verdict, str] = {"holds": ": {supported}.", "mixed": ": {supported}.", "refuted": ": {ruled_out}."}
    for verdict, signs in ends.items():
        assert [claim.id for claim in loose if not claim.wording[verdict].endswith(signs)] == []


def _history(con: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = con.execute(
        "select claim_id, number, claim_version, verdict, n, as_of_at is not null from ledger.verdicts order by all"
    ).fetchall()
    return rows


@pytest.mark.slow
def test_a_verdict_is_written_down_when_it_is_new_and_never_twice() -> None:
    """Not enough data for want of any visit is no verdict. The history survives being built again; a new version of a
    claim is a new entry even where the verdict is the same."""
    con = empty_warehouse()
    build_tables(con, MODELS)
    unread = _history(con), con.execute("select distinct verdict from metrics.claim_verdicts order by all").fetchall()
    con.execute("create or replace table metrics.claim_verdicts as from metrics.claim_verdicts limit 0")
    given = "'h1' as claim_id, 1 as claim_version, 'holds' as verdict, 9 as n, timestamp '2026-11-24' as as_of_at"
    con.execute(f"insert into metrics.claim_verdicts by name select {given}")
    for _ in range(2):
        keep_verdicts(con, [TABLE])
    first = _history(con)
    con.execute("update metrics.claim_verdicts set verdict = 'refuted'")
    keep_verdicts(con, ["metrics.other"])
    untouched = _history(con)
    keep_verdicts(con, [TABLE])
    con.execute("update metrics.claim_verdicts set claim_version = 2")
    keep_verdicts(con, [TABLE])
    build_tables(con, MODELS, full=True)

    assert unread == ([], [("cannot be observed",), ("cannot be read",), ("too few data",)])
    assert first == untouched == [("h1", 1, 1, "holds", 9, True)]
    assert [row[1:4] for row in _history(con)] == [(1, 1, "holds"), (2, 1, "refuted"), (3, 2, "refuted")]


def test_a_changed_claim_is_judged_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The board rests on its files, and on every metric that they name: a build sees that one of them changed."""
    folder = tmp_path / "analytics"
    shutil.copytree(ROOT, folder)
    monkeypatch.setattr("analytics.engine.models.ROOT", folder)
    before = {model.table: model.hash_ for model in read_models(folder)}
    claim = folder / "claims" / "h6_fast.toml"
    claim.write_text(
        claim.read_text(encoding="utf-8").replace("least_effect = 0.05", "least_effect = 0.10"), encoding="utf-8"
    )
    after = {model.table: model for model in read_models(folder)}

    changed = {table for table in before if before[table] != after[table].hash_}
    assert changed == {
        "metrics.claim_tests",
        "metrics.claim_verdicts",
        "metrics.registered_claims",
        "metrics.item_cells",
        "metrics.matched_differences",
    }
    reads = after["metrics.claim_tests"].reads
    assert {"metrics.answered_share", "metrics.item_cells", "metrics.like_price_ratio"} <= reads
