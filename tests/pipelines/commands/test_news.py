"""`heartbeat news`: the newest first, with links."""

import json
from pathlib import Path

import pytest

from tests.pipelines.commands.conftest import Run
from tests.worlds.news.homes import make_item, publish_items


def test_the_command_lists_the_newest_first_with_links(home: Path, heartbeat: Run) -> None:
    """For people and for programs."""
    publish_items(home, make_item(1), make_item(2, url=""), make_item(3))
    code, said = heartbeat("news")
    found = json.loads(heartbeat("news", "--json", "--since", "2026-11-03")[1])

    assert code == 0 and said.splitlines() == [
        "2026-11-03 GPT: model 3 ends.", "           https://example.com/ends#3",
        "2026-11-02 GPT: model 2 ends.",
        "2026-11-01 GPT: model 1 ends.", "           https://example.com/ends#1",
    ]  # fmt: skip
    assert [(item["headline"], item["as_of_at"]) for item in found] == [("GPT: model 3 ends.", "2026-11-03T06:00:00Z")]


@pytest.mark.parametrize(
    ("count", "is_sample", "words", "says"),
    [
        (0, False, (), "nothing has changed"), (1, True, (), "made-up news of the sample world"),
        (2, False, ("--since", "2030-01-01"), "nothing has changed"),
        (40, False, (), "10 earlier: --since DAY lists them"),
    ],
)  # fmt: skip
def test_an_empty_or_shortened_list_says_why(
    home: Path, heartbeat: Run, count: int, is_sample: bool, words: tuple[str, ...], says: str
) -> None:
    """An empty answer would look like a fault."""
    publish_items(home, *(make_item(number) for number in range(1, count + 1)), is_sample=is_sample)

    assert says in heartbeat("news", *words)[1]
