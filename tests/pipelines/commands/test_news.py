"""`heartbeat news`: the newest first, with links."""

import json
from pathlib import Path

import pytest

from tests.pipelines.commands.conftest import Run
from tests.worlds.news.homes import make_item, publish_items


def test_the_command_lists_the_newest_first_with_links(home: Path, heartbeat: Run) -> None:
    """For people and for programs."""
    publish_items(
        home, make_item(1), make_item(2), make_item(3, kind="verdict", family_ids=(), is_restated=True, url=""),
        make_item(4),
    )  # fmt: skip
    code, said = heartbeat("news")
    found = json.loads(heartbeat("news", "--json", "--since", "2026-11-04")[1])

    assert code == 0 and said.splitlines() == [
        "2026-11-04 GPT: model 4 ends.", "           https://example.com/ends#4",
        "2026-11-03 GPT: model 3 ends. (ours)",
        "2026-11-02 GPT: model 2 ends.", "           https://example.com/ends#2",
        "2026-11-01 News begins here.",
    ]  # fmt: skip
    assert [(item["number"], item["as_of_at"]) for item in found] == [(4, "2026-11-04T06:00:00Z")]


@pytest.mark.parametrize(
    ("count", "is_sample", "words", "says"),
    [
        (0, False, (), "no news yet"), (1, True, (), "is made up and makes no news"),
        (2, False, ("--since", "2030-01-01"), "nothing like that has changed"),
        (2, False, ("--since", "x"), "does not match the formats"),
        (40, False, (), "10 earlier: --since DAY lists them"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_said(
    home: Path, heartbeat: Run, count: int, is_sample: bool, words: tuple[str, ...], says: str
) -> None:
    """An empty answer would look like a fault."""
    publish_items(home, *(make_item(number) for number in range(1, count + 1)), is_sample=is_sample)

    assert says in heartbeat("news", *words)[1]
