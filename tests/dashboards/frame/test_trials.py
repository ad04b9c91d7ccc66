"""A measure that is read from texts too badly is marked as a trial, wherever it is drawn."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.choose import fit_measures
from dashboards.choose.fit_measures import describe_trials, list_weighed
from dashboards.frame import trials as trial_words
from dashboards.frame.trials import describe_trial, load_trials
from tests.dashboards.test_pages import seen


def test_a_trial_is_named_with_what_makes_it_one(state_home: Callable[[str], Path]) -> None:
    """A measure that rests on no text is none, and one that rests on a bad reader weighs nothing."""
    page = seen(state_home("sample"))
    trials = load_trials(page)
    assert "answered_share" not in trials and "uptime_share" not in trials
    assert describe_trial(page, "answered_share") == describe_trial(page, "") == ""
    for metric, features in trials.items():
        said, misread = describe_trial(page, metric), [name for name, is_misread in features.items() if is_misread]
        assert said.startswith("**Trial**: do not rank by it, because ")
        assert all(name in said for name in misread or features) and ("accurately enough" in said) == bool(misread)
    assert describe_trial(page, "code_answer_share").endswith(" not read accurately enough. ")
    assert "code_answer_share" in trials and "helped_share" not in trials
    assert {"answered", "helped"} <= set(list_weighed(page)) and describe_trials(page) == ""


def test_a_measure_on_trial_weighs_nothing_and_is_named(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left out in silence, the order would seem to rest on it."""
    page = seen(state_home("sample"))
    monkeypatch.setattr(fit_measures, "load_trials", lambda page: {"helped_share": {"is helped": True}})

    assert "helped" not in list_weighed(page)
    assert describe_trials(page).startswith("Not counted, because rules do not read them accurately enough: helped")


def test_a_reader_of_which_only_single_replies_were_labelled_says_so(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is not the same as one that is known to read badly, beside which it is not worth a word."""
    page = seen(state_home("sample"))
    known = {"answers": {"has code": False}, "depth": {"has code": False, "has solved": True}}
    monkeypatch.setattr(trial_words, "load_trials", lambda page: known)

    assert "it is not known how often has code is misread in a thread's replies" in describe_trial(page, "answers")
    assert describe_trial(page, "depth").endswith("because has solved is not read accurately enough. ")
