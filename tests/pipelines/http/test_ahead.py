"""Calls that run ahead: what they return or raise is had when it is waited for."""

import threading

import pytest

from pipelines.http.ahead import Errand
from pipelines.http.errors import BudgetSpent


def test_an_errand_runs_while_others_work() -> None:
    """It is done before anybody waits for it, and what it returns can be had twice."""
    is_done = threading.Event()

    def work() -> int:
        is_done.set()
        return 7

    errand = Errand(work)

    assert is_done.wait(10)
    assert (errand.wait(), errand.wait()) == (7, 7)


def test_what_an_errand_raises_is_raised_where_it_is_waited_for() -> None:
    """A spent budget ends the visit there, and not in a thread that nobody sees."""

    def spend() -> None:
        raise BudgetSpent("used up")

    with pytest.raises(BudgetSpent, match="used up"):
        Errand(spend).wait()
