"""What a model must be to meet a need, what sorts it out, and when nobody can tell."""

from datetime import date
from typing import Any

import pytest

from dashboards.choose.models import Candidate
from dashboards.choose.needs import (
    MAYBE,
    NO,
    OPEN,
    QUESTIONS,
    UNKNOWN,
    YES,
    Needs,
    count_reasons,
    count_sorted_out,
    describe_licence,
    has_ended,
    judge_models,
)

TODAY = date(2026, 11, 1)
WEIGHTS = {"has_weights": True, "allows_changes": True, "licence_code": "mit", "class_points": 5}
HOSTED = {"has_weights": False}
UNSAID = {"has_weights": None}


def make_model(name: str = "maker/one", **cells: Any) -> Candidate:
    """A model of which only what a test names is known."""
    apart = {key: cells.pop(key) for key in ("memory", "end", "answered", "offers", "offers_count") if key in cells}
    unknown = dict.fromkeys(
        ("allows_changes", "licence_code", "class_points", "blended_usd", "expires_on", "downloads_30d")
    )
    return Candidate({"family_id": "maker", "model": name, "has_weights": None} | unknown | cells, **apart)


def judge(model: Candidate, **needs: str) -> tuple[str, list[str]]:
    """The outcome of one model, and what is not known of it."""
    (judged,) = judge_models([model], Needs(**needs), TODAY)
    return judged.outcome, judged.unknowns


def end(on: date | None, kind: str | None = "exact", stage: str | None = None, is_read: bool = True) -> dict[str, Any]:
    """What a maker's page says of a model."""
    return {"shutdown_on": on, "shutdown_kind": kind, "stage": stage, "is_page_read": is_read}


def asked(low: float, high: float, state: str = "measured") -> dict[str, Any]:
    """The share of answers of a family."""
    return {"state": state, "value": (low + high) / 2 if state == "measured" else None, "low": low, "high": high}


@pytest.mark.parametrize(
    ("cells", "needs", "outcome"),
    [
        (WEIGHTS, {"side": "open"}, YES),
        (HOSTED, {"side": "open"}, NO),
        (HOSTED, {"side": "proprietary"}, YES),
        (UNSAID, {"side": "open"}, UNKNOWN),
        (WEIGHTS | {"memory": {"4-bit": 24.0}}, {"gpu": "24"}, YES),
        (WEIGHTS | {"memory": {"4-bit": 24.1}}, {"gpu": "24"}, NO),
        (WEIGHTS | {"memory": {"4-bit": 4.0, "QLoRA": 25.0}}, {"gpu": "24", "use": "QLoRA"}, NO),
        (WEIGHTS, {"gpu": "24"}, UNKNOWN),
        (HOSTED, {"gpu": "24"}, NO),
        (WEIGHTS, {"tuning": "yes"}, YES),
        (WEIGHTS | {"allows_changes": False}, {"tuning": "yes"}, NO),
        (WEIGHTS | {"allows_changes": None}, {"tuning": "yes"}, UNKNOWN),
        (HOSTED, {"tuning": "yes"}, UNKNOWN),
        (HOSTED | {"offers": ({"ended_on": None},)}, {"tuning": "yes"}, UNKNOWN),
        (HOSTED | {"offers": ({"ended_on": date(2026, 1, 1)},)}, {"tuning": "yes"}, NO),
        (HOSTED | {"offers_count": {"state": "measured"}}, {"tuning": "yes"}, NO),
        (UNSAID, {"tuning": "yes"}, UNKNOWN),
        (WEIGHTS | {"class_points": 3}, {"licence": "commercial"}, YES),
        (WEIGHTS | {"class_points": 3}, {"licence": "osi"}, NO),
        (WEIGHTS | {"class_points": 2}, {"licence": "commercial"}, NO),
        (WEIGHTS | {"class_points": None}, {"licence": "commercial"}, UNKNOWN),
        (HOSTED, {"licence": "commercial"}, NO),
        ({"blended_usd": 0.5}, {"price": "0.5"}, YES),
        ({"blended_usd": 0.51}, {"price": "0.5"}, NO),
        ({}, {"price": "0.5"}, UNKNOWN),
        (WEIGHTS | {"end": end(date(2026, 12, 1))}, {"ends": "12m"}, YES),
        (HOSTED | {"end": end(date(2027, 11, 1))}, {"ends": "12m"}, NO),
        (HOSTED | {"end": end(date(2027, 11, 2))}, {"ends": "12m"}, YES),
        (HOSTED | {"end": end(date(2026, 10, 1))}, {"ends": "12m"}, NO),
        (HOSTED | {"end": end(date(2027, 11, 1), "month")}, {"ends": "12m"}, YES),
        (HOSTED | {"end": end(date(2027, 3, 1), "not_before")}, {"ends": "12m"}, UNKNOWN),
        (HOSTED | {"end": end(date(2026, 3, 1), "not_before")}, {"ends": "12m"}, UNKNOWN),
        (HOSTED | {"end": end(None, "unknown", "active")}, {"ends": "12m"}, YES),
        (HOSTED | {"end": end(None, "unknown", "retired")}, {"ends": "12m"}, NO),
        (HOSTED | {"end": end(None, "unknown", "deprecated")}, {"ends": "12m"}, UNKNOWN),
        (HOSTED | {"end": end(None, None)}, {"ends": "12m"}, YES),
        (HOSTED | {"end": end(None, None, is_read=False)}, {"ends": "12m"}, UNKNOWN),
        (HOSTED | {"end": end(None, None), "expires_on": date(2026, 12, 1)}, {"ends": "12m"}, NO),
        ({"answered": asked(0.5, 0.7)}, {"daily": "50"}, YES),
        ({"answered": asked(0.3, 0.49)}, {"daily": "50"}, NO),
        ({"answered": asked(0.49, 0.6)}, {"daily": "50"}, MAYBE),
        ({"answered": asked(0.6, 0.7, "not enough data")}, {"daily": "50"}, UNKNOWN),
        ({}, {"daily": "50"}, UNKNOWN),
    ],
)
def test_each_need_sorts_by_what_is_known(cells: dict[str, Any], needs: dict[str, str], outcome: str) -> None:
    """What is not known is neither a pass nor a failure, and has a reason."""
    found, unknowns = judge(make_model(**cells), **needs)
    assert (found, bool(unknowns)) == (outcome, outcome in OPEN)


def test_one_failure_sorts_out_whatever_else_is_unknown() -> None:
    """A model that lacks something is no riddle; one that may lack something is none that meets all."""
    models = [make_model("a", **HOSTED), make_model("b", **WEIGHTS), make_model("c", **WEIGHTS, blended_usd=0.1)]
    judged = judge_models(models, Needs(side="open", price="1"), TODAY)
    assert [one.outcome for one in judged] == [NO, UNKNOWN, YES]
    assert count_reasons([judged[1]]) == {"no price listed": 1}
    assert count_sorted_out(judged) == {"side": 1}


def test_what_a_card_is_for_asks_for_nothing_without_its_size() -> None:
    """It only says which memory the table shows."""
    assert Needs(use="QLoRA").asked == () and Needs(use="QLoRA", gpu="24").asked == ("gpu",)
    assert (Needs().memory_use, Needs(use="full").memory_use) == ("4-bit", "full")
    assert set(Needs(*QUESTIONS).asked) == set(QUESTIONS) - {"use"}


def test_a_licence_says_what_it_allows() -> None:
    """Its name first; terms that nobody classed are not guessed."""
    stated = [describe_licence(WEIGHTS | {"class_points": points}) for points in (5, 3, 2, None)]
    assert stated == ["mit", "mit (with limits)", "mit (not commercial)", "mit (terms not known)"]
    assert describe_licence(HOSTED | {"licence_code": None, "class_points": None}) == "hosted only"
    assert describe_licence(UNSAID | {"licence_code": None, "class_points": None}) == "unknown"


@pytest.mark.parametrize(
    ("cells", "is_over"),
    [
        (HOSTED | {"end": end(date(2026, 10, 29))}, True),
        (HOSTED | {"end": end(TODAY)}, False),
        (HOSTED | {"end": end(date(2026, 10, 29), "not_before")}, False),
        (HOSTED | {"end": end(None, None)}, False),
        (HOSTED, False),
        (WEIGHTS | {"end": end(date(2026, 10, 29))}, False),
    ],
    ids=["past", "today", "floor passed", "no day", "no page", "weights"],
)
def test_what_its_maker_has_ended_is_no_choice(cells: dict[str, Any], is_over: bool) -> None:
    """It stood second among the models to choose from; weights that were fetched do not end."""
    assert has_ended(make_model(**cells), TODAY) is is_over
