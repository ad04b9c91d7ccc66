"""A measure that is read from texts too badly is marked as a trial, wherever it is drawn."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.choose import fit_measures
from dashboards.choose.fit_measures import describe_trials, list_weighed
from dashboards.frame.measures import describe_trial, load_trials
from tests.dashboards.test_pages import seen


def test_a_trial_is_named_with_what_makes_it_one(state_home: Callable[[str], Path]) -> None:
    """A measure that rests on no text is none, and one that rests on a bad reader weighs nothing."""
    page = seen(state_home("sample"))
    trials = load_trials(page.snapshot)
    assert "answered_share" not in trials and "uptime_share" not in trials
    assert describe_trial(page, "answered_share") == describe_trial(page, "") == ""
    for metric, features in trials.items():
        said = describe_trial(page, metric)
        assert said.startswith("**Trial**: do not rank by it, because ") and all(name in said for name in features)
    assert "code_answer_share" in trials and "helped_share" not in trials
    assert {"answered", "helped"} <= set(list_weighed(page)) and describe_trials(page) == ""


def test_a_measure_on_trial_weighs_nothing_and_is_named(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excluded in silence, the order would seem to rest on it."""
    page = seen(state_home("sample"))
    monkeypatch.setattr(fit_measures, "load_trials", lambda page: {"helped_share": ["helped"]})

    assert "helped" not in list_weighed(page)
    assert describe_trials(page).startswith("Not counted, because rules do not read them accurately enough: helped")
