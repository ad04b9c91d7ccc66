"""The registered text of the claims: the same for the same content, another for every changed word, threshold or
rule."""

import json
import shutil
from pathlib import Path
from typing import get_args

import pytest

from analytics.claims.reader import FOLDER, RULE, Verdict
from analytics.claims.tables.registered_claims import render_canonical_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the claims that may be changed."""
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("h6_fast.toml", "least_effect = 0.05", "least_effect = 0.04"),
        ("h6_fast.toml", "react quickly", "react at once"),
        ("h6_fast.toml", "registered_on = 2026-12-01", "registered_on = 2026-12-02"),
        ("rule.toml", "level = 0.05", "level = 0.1"),
        ("rule.toml", "more than half", "half"),
    ],
)
def test_a_change_of_content_changes_the_text(folder: Path, name: str, old: str, new: str) -> None:
    """Of a threshold, a word, a day, the level or the rule."""
    before = render_canonical_text(folder)
    _change(folder / name, old, new)

    assert render_canonical_text(folder) != before


def test_comments_and_layout_change_nothing(folder: Path) -> None:
    """The text is what is registered, not the file."""
    before = render_canonical_text(folder)
    _change(folder / "h6_fast.toml", "version = 3", "# Looked over once more.\n\nversion   =   3")

    assert render_canonical_text(folder) == before


def test_the_text_can_be_checked_with_any_tool() -> None:
    """It is JSON that ends with its line."""
    text = render_canonical_text()
    document = json.loads(text)

    assert text.endswith("}\n")
    assert sorted(document["claims"]) == sorted(path.stem for path in FOLDER.glob("h[0-9]*.toml"))


def test_the_rule_has_words_for_every_verdict() -> None:
    """Both rules and all words are explained in the text that is registered."""
    assert set(RULE["words"]) == set(get_args(Verdict)) and set(RULE["rules"]) == {"most", "all"}
