"""Badges: what they say in each state, and that a family's name is never drawn as markup."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.report import badge
from tests.dashboards.report.test_report import ROW, view
from warehouse.wording import GAP

NAME = {"": "http://www.w3.org/2000/svg"}


def drawn(page: Any, row: dict[str, Any] | None = ROW, **family: str) -> ET.Element:
    """A badge as a reader's program reads it."""
    return ET.fromstring(badge.render_badge({"family_id": "qwen", "title": "Qwen", "side": "open"} | family, row, page))  # noqa: S314


def said(root: ET.Element) -> list[str]:
    """The words that are seen."""
    return [str(text.text) for text in root.iterfind(".//text", NAME)]


def test_a_badge_says_the_share_its_interval_and_its_cases(sample_home: Path) -> None:
    """In words; and for those who do not see it, with place and instant."""
    root = drawn(view(sample_home))

    assert said(root) == ["Qwen", f"41{GAP}% (33–50) in a day", "sample"]
    said_whole = f"41{GAP}% (33–50) in a day: the share of questions that a person answers, n = 110"
    title = f"Qwen (open): {said_whole} (sample data)"
    assert float(root.attrib["width"]) < 260, "it stands in a row of others"
    assert root.find("title", NAME).text == title  # type: ignore[union-attr]
    assert "issue trackers, last 12 months; as of 1 Nov 2026" in str(root.find("desc", NAME).text)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (ROW | {"state": "not enough data", "value": None}, "not enough data"),
        (ROW | {"state": "closed by policy", "value": None}, "closed by policy"),
        (ROW | {"low": None, "high": None}, "not enough data"),
        (ROW | {"value": 0.0, "low": 0.0, "high": 0.1}, f"0{GAP}% (0–10) in a day"),
        (None, "not measured"),
    ],
)
def test_no_number_is_said_that_has_no_interval(row: dict[str, Any] | None, word: str, sample_home: Path) -> None:
    """Zero is a number, the states are words."""
    assert said(drawn(view(sample_home), row))[1] == word


def test_sides_differ_by_shape_and_only_made_up_worlds_are_marked(sample_home: Path) -> None:
    """A badge printed in grey still says whether a family is open."""
    page = view(sample_home)
    real = replace(page, snapshot=replace(page.snapshot, is_sample=False))
    shapes = [
        {
            child.tag.split("}")[1]
            for child in drawn(page, side=side).find("g", NAME) or ()
            if "fill" in child.attrib or "d" in child.attrib
        }
        for side in ("open", "proprietary", "host")
    ]

    assert ["circle" in shape for shape in shapes] == [True, False, False]
    assert ["path" in shape for shape in shapes] == [False, False, True]
    assert said(drawn(real))[-1] != "sample"


def test_a_name_is_drawn_as_it_is_written(sample_home: Path) -> None:
    """Names come from files that users add."""
    evil = '</text><script>alert("1")</script>&'
    root = drawn(view(sample_home), title=evil)

    assert said(root)[0] == evil
    assert root.find(".//script", NAME) is None


def test_a_family_has_a_file_and_the_index_says_how_to_embed_it(
    sample_home: Path, state_home: Callable[[str], Path]
) -> None:
    """With the command that proves the number."""
    page = view(sample_home, "qwen", "gpt")
    files = badge.make_badges(page)

    assert list(files) == ["qwen.svg", "gpt.svg", "badges.md"]
    assert "![Qwen" in files["badges.md"] and "](qwen.svg)" in files["badges.md"]
    assert "heartbeat receipt answered_share family=qwen" in files["badges.md"]
    assert len(badge.make_badges(view(state_home("no rows")))) == len(page.everyone) + 1
