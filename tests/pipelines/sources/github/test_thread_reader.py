"""Threads asked for by number: what is gone is forgotten, and what is answered in another shape is asked again."""

from datetime import timedelta
from typing import Any, cast

import pytest

from pipelines.http.errors import Fatal
from pipelines.passed_over import PassedOver
from pipelines.sources.github.lists import ISSUES
from pipelines.sources.github.threads import read_again
from tests.pipelines.sources.github.visits import CHANNEL
from tests.worlds.visits import NOW, make_visit


class _Client:
    """Answers every query with the same repository."""

    def __init__(self, repository: Any) -> None:
        self._repository = repository

    def query_whole(self, size: object, query: object) -> dict[str, Any]:
        return {"repository": self._repository}


def _read(repository: Any, numbers: list[int]) -> PassedOver:
    passed = PassedOver.load({}, NOW - timedelta(days=1), "issue")
    for number in numbers:
        passed.add(str(number), Fatal("before"))
    passed.now = NOW
    assert read_again(make_visit(CHANNEL), cast("Any", _Client(repository)), ISSUES, passed) == []
    return passed


def test_a_deleted_thread_and_a_transferred_one_are_forgotten() -> None:
    """Neither will ever be here again."""
    assert _read({"n7": None, "n8": {"number": 3}}, [7, 8]).items == {}


@pytest.mark.parametrize(
    "node", ["x", 0, True, [], {}, {"number": None}, {"number": "7"}, {"number": -1}, {"number": 2**63}]
)
def test_a_thread_in_another_shape_is_asked_for_again(node: Any) -> None:
    """It was taken for a transferred one, and lost, or ended the visit."""
    passed = _read({"n7": node, "n8": None}, [7, 8])
    assert {key: item.attempts for key, item in passed.items.items()} == {"7": 2}


@pytest.mark.parametrize("repository", [None, [], "n7", 3, {}])
def test_an_answer_without_threads_is_refused_in_words(repository: Any) -> None:
    with pytest.raises(Fatal, match="GitHub's answer"):
        _read(repository, [7])
