"""Ids of models in what people paste: found whatever they are wrapped in, and never taken for safe when unknown."""

import time
from datetime import date

import pytest

from tests.worlds.hostile import HOSTILE
from warehouse.ends.fates import judge_id
from warehouse.ends.model_ids import find_rows, index_names, nearest_name, read_ids

THERE = (
    "gpt-4o",
    "gpt-4o (2024-05-13)",
    "claude-3-opus-20240229",
    "anthropic.claude-v2:1",
    "gemini-1.0-pro",
    "davinci",
    "mixer",
    "mixer:8b",
    "command-r",
    "command-r-plus",
)
LISTED = {"family_id": None, "title": "", "side": "open", "place": "the Hub", "as_of_at": None}
NAMES = index_names([LISTED | {"model": name} for name in THERE])
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("gpt-4o", ["gpt-4o", "gpt-4o (2024-05-13)"]),
        ("openai/gpt-4o", ["gpt-4o", "gpt-4o (2024-05-13)"]),
        ("azure/gpt-4o-2024-05-13", ["gpt-4o (2024-05-13)"]),
        ("ft:gpt-4o-2024-05-13:acme:support:9xyz", ["gpt-4o (2024-05-13)"]),
        ("us.anthropic.claude-3-opus-20240229-v1:0", ["claude-3-opus-20240229"]),
        ("claude-3-opus@20240229", ["claude-3-opus-20240229"]),
        ("projects/p/locations/us/publishers/google/models/gemini-1.0-pro@001", ["gemini-1.0-pro"]),
        ("gemini-1.0-pro:latest", ["gemini-1.0-pro"]),
        ("claude-v2:1", ["anthropic.claude-v2:1"]),
        ("mixer:8b", ["mixer:8b"]),
        ("command-r+", ["command-r-plus"]),
    ],
)
def test_an_id_is_found_in_each_way_of_writing_it(asked: str, there: list[str]) -> None:
    """Vendors, hosts and libraries put prefixes before a name and versions behind it; the most literal form wins."""
    assert [row["model"] for row in find_rows(asked, NAMES)] == there


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("claude-3-opus-20240228", "claude-3-opus-20240229"),
        ("gemini-1.0-por", "gemini-1.0-pro"),
        ("gemini-1.5-pro", ""),
        ("gemini-1-pro-mini", ""),
        ("大模型-1", ""),
    ],
)
def test_an_unknown_id_is_told_with_the_nearest_name(asked: str, near: str) -> None:
    """A slip of the pen must show; the name of another version, or one that is nothing like it, would mislead."""
    assert (find_rows(asked, NAMES), nearest_name(asked, NAMES)) == ((), near)


def test_a_configuration_is_read_as_well_as_a_list() -> None:
    """Quotes, signs and names of settings are no ids; what could be one is never dropped in silence."""
    text = """
        {"model": "gpt-4o", "api-key": "sk-0123456789", "temperature": 0.7,
         fallbacks: ['claude-3-opus-20240229', davinci]}
        MODEL=command-r   # see https://example.org/v1
        - mistral-large-latest, gpt-4o
    """
    pasted = read_ids(text, NAMES)
    assert pasted.ids == ("gpt-4o", "claude-3-opus-20240229", "davinci", "command-r", "mistral-large-latest")
    assert pasted.secrets == 1 and "sk-0123456789" not in str(pasted)
    assert {"model", "api-key", "temperature", "https://example.org/v1"} < set(pasted.passed_over)


@pytest.mark.parametrize(
    "text", [*HOSTILE, *(sign * 5_000 for sign in ("a", "-1", ":", "(", "ft:", "@v1", "us.", "\u202e", "'"))]
)
def test_hostile_text_is_answered_at_once(text: str) -> None:
    """No pattern takes long on what is made to make it so."""
    begun = time.process_time()
    for one in (text, *read_ids(text[:5_000], NAMES).ids):
        judge_id(one, NAMES, TODAY, TODAY)
    assert time.process_time() - begun < 1
