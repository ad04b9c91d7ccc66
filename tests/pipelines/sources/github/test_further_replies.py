"""Further comments and replies: one mechanism for issues and discussions, several lists in one question."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from pipelines.http.errors import Retriable
from pipelines.sources.github.client import Client, PageSize, TooHeavy
from pipelines.sources.github.threads import complete_discussions, complete_issues

Connection = dict[str, Any]


class FakeClient:
    """Gives the pages of a mapping by global id; None is a deleted thread, a missing id cannot be read."""

    def __init__(self, pages: Mapping[str, list[Connection] | None]) -> None:
        self.pages = {key: None if given is None else list(given) for key, given in pages.items()}
        self.asked: list[list[str]] = []
        self.is_well = True

    def query(self, query: str, variables: Mapping[str, Any], may_miss: bool = False) -> dict[str, Any]:
        """Answers the question for the next pages of several lists."""
        keys = [variables[f"id{index}"] for index in range(query.count("node(id:"))]
        self.asked.append(keys)
        if not may_miss or not set(keys) <= self.pages.keys():
            raise TooHeavy("half of it")
        field = "replies" if "on DiscussionComment {" in query.partition("\n")[0] else "comments"
        return {f"i{index}": self._next_page(key, field) for index, key in enumerate(keys)}

    def _next_page(self, key: str, field: str) -> Connection | None:
        pages = self.pages[key]
        return None if pages is None else {field: pages.pop(0)}

    def query_whole(self, size: PageSize, ask: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
        """Asks for fewer until it comes whole, as the real client does."""
        while True:
            try:
                return ask(size.now)
            except TooHeavy as error:
                if not size.halve():
                    raise Retriable(str(error)) from None

    def check_service(self) -> None:
        """Says whether the service is well."""
        if not self.is_well:
            raise TooHeavy("down")


def connection(words: str, after: str | None = None) -> Connection:
    """Some comments, and where the next page begins."""
    nodes = [{"id": word, "replies": {"nodes": [], "pageInfo": {"hasNextPage": False}}} for word in words.split()]
    return {"nodes": nodes, "pageInfo": {"hasNextPage": after is not None, "endCursor": after}}


def issue(number: int, words: str, after: str | None = None) -> dict[str, Any]:
    """A thread with its first page of comments."""
    return {"id": f"I{number}", "number": number, "comments": connection(words, after)}


def comments_of(node: dict[str, Any]) -> list[str]:
    """The ids of all comments that a thread holds."""
    return [comment["id"] for comment in node["comments"]["nodes"]]


def test_long_lists_are_filled_several_in_one_question_and_short_ones_are_not_asked_for() -> None:
    """Two long threads of three: two pages, then the one that is still unfinished."""
    client = FakeClient({"I1": [connection("b", "2"), connection("c")], "I3": [connection("e")]})
    nodes = [issue(1, "a", "1"), issue(2, "x"), issue(3, "d", "1")]
    assert complete_issues(cast("Client", client), nodes) == []
    assert [comments_of(node) for node in nodes] == [["a", "b", "c"], ["x"], ["d", "e"]]
    assert client.asked == [["I1", "I3"], ["I1"]]


@pytest.mark.parametrize("complete", [complete_issues, complete_discussions])
def test_a_thread_deleted_between_two_pages_has_no_more_to_give(
    complete: Callable[[Client, list[Any]], list[int]],
) -> None:
    """It costs no further question and holds up nobody."""
    client = FakeClient({"I1": None, "I2": [connection("d")]})
    nodes = [issue(1, "a", "1"), issue(2, "c", "1")]
    assert complete(cast("Client", client), nodes) == []
    assert [comments_of(node) for node in nodes] == [["a"], ["c", "d"]]
    assert client.asked == [["I1", "I2"]]


def test_a_list_that_cannot_be_read_even_alone_is_named_and_the_others_come() -> None:
    """GitHub cannot give the first thread's comments; the second one's come all the same."""
    client = FakeClient({"I2": [connection("d")]})
    nodes = [issue(1, "a", "1"), issue(2, "c", "1")]
    assert complete_issues(cast("Client", client), nodes) == [1]
    assert [comments_of(node) for node in nodes] == [["a"], ["c", "d"]]


def test_a_service_at_fault_blames_no_list() -> None:
    """Skipping the lists of a service that is down would lose them all."""
    client = FakeClient({})
    client.is_well = False
    with pytest.raises(Retriable, match="half of it"):
        complete_issues(cast("Client", client), [issue(1, "a", "1")])


def test_replies_are_filled_of_further_comments_too() -> None:
    """A comment of a further page has further replies of its own."""
    further = connection("b")
    further["nodes"][0]["replies"] = connection("r1", "1")
    client = FakeClient({"I1": [further], "b": [connection("r2")]})
    node = issue(1, "a", "1")
    assert complete_discussions(cast("Client", client), [node]) == []
    assert [reply["id"] for reply in node["comments"]["nodes"][1]["replies"]["nodes"]] == ["r1", "r2"]
