"""What no visit failed at and yet is missing: the same words on the page and in `heartbeat status`."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from dashboards.evidence import data
from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from pipelines.commands.status import MOST_WARNINGS, print_status, read_status
from tests.worlds.page_worlds import State, make_state
from warehouse.settings import Settings
from warehouse.warnings import KINDS, describe_warning

NOW = datetime(2026, 12, 1, 6, tzinfo=UTC)
INSERT = "insert into staging.warnings values ('{}', '{}', '{}', '{}', {}, {}, {}, {}, {}, {})"
EMPTY = "delete from staging.warnings"
GROK = "grok.status.status.x.ai"
ROW = INSERT.format(
    "qwen.github.x", "issues", "row rejected", "number", "[]", 2, "'12'", "'qwen/0.parquet'", "'9223372036854775808'",
    "'a whole number'",
)  # fmt: skip
PATTERN = INSERT.format(GROK, "components", "pattern unmatched", "API, API (*", "['Global', 'Web']", 4, *["null"] * 4)
TABLE = INSERT.format(GROK, "notices", "table skipped", "Audio", "['Model family', 'End']", 1, *["null"] * 4)


@pytest.mark.parametrize(
    ("seen", "count", "finding"),
    [
        (["missing"], 24, "the key 'moderator' of posts is missing, all 24 times it was expected"),
        (["missing"], 1, "the key 'moderator' of posts is missing, the one time it was expected"),
        (["a list", "a text"], 1, "the key 'moderator' of posts is a list instead of a text, once"),
        (
            ["an object", "true or false"],
            24,
            "the key 'moderator' of posts is an object instead of true or false, 24 times",
        ),
        ([], 2, "the key 'moderator' of posts is missing, all 2 times it was expected"),
    ],
)
def test_a_key_that_changed_is_named_with_what_stands_there_instead(seen: list[str], count: int, finding: str) -> None:
    """A public copy holds no values, and so may not say what."""
    row = {
        "channel_id": "a.discourse.b",
        "thing": "topics",
        "warning_kind": "key changed",
        "about": "moderator of posts",
    }
    stated = describe_warning(row | {"seen_names": seen, "warning_count": count})
    assert (stated.where, stated.finding) == ("a.discourse.b topics", finding)


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample world with three warnings."""
    folder = tmp_path_factory.mktemp("warned")
    channel = "(select min(channel_id) from staging.channels where family_id = 'qwen' and source = 'github')"
    make_state(sample_home, folder, State(statements=[EMPTY, ROW.replace("'qwen.github.x'", channel), PATTERN, TABLE]))
    return folder


def _view(home: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("HEARTBEAT_HOME", str(home))
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    snapshot = snapshot_reader.newest_snapshot()
    assert snapshot is not None
    return View(snapshot, NOW, snapshot_reader.load_families(snapshot))


def test_the_page_says_what_happened_where_what_it_does_and_what_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Complete and fresh is not the whole truth where rows were rejected or nothing matched."""
    story = data.story(_view(home, monkeypatch))
    (figure,) = [figure for figure in story.figures() if figure.name == "warnings"]

    assert story.answer.endswith(
        " 2 landed rows were unreadable and excluded from every figure and 2 warnings name what was skipped, never"
        " matched or fell far below the usual."
    )
    row, table, pattern = figure.shown
    assert (row["what"].startswith("Qwen, "), row["kind"]) == (True, "row rejected")
    assert row["is"] == (
        "2 landed rows could not be read: 'number' in row '12' of qwen/0.parquet is '9223372036854775808', but must be"
        " a whole number"
    )
    assert row["effect on the figures"] == "no figure counts them, and coverage falls accordingly"
    assert row["what to do"].startswith("A good row from the next visit will replace it.")
    assert "Model family, End" in table["is"] and "Audio" in table["is"]
    assert "the page names Global, Web" in pattern["is"] and "4 visits" in pattern["is"]
    assert pattern["what to do"] == "Correct components of the channel in its family file."
    assert figure.title == "Excluded although no visit failed: 3 cases"


def _settings() -> Settings:
    return Settings(HEARTBEAT_NOW=NOW, _env_file=None)


def test_status_says_the_same_sentences(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators who never open the page must learn it too."""
    snapshot = _view(home, monkeypatch).snapshot
    text, status = io.StringIO(), read_status(snapshot, _settings())
    print_status(Console(file=text, width=500), status, is_whole=True)
    stated = [line[2:] for line in text.getvalue().splitlines() if line.startswith("- ")]

    assert "warnings (rows rejected: 1, tables skipped: 1, patterns without a match: 1):" in text.getvalue()
    assert [warning["warning_kind"] for warning in status["warnings"]] == [
        "row rejected", "table skipped", "pattern unmatched",
    ]  # fmt: skip
    assert stated[2] == (
        f"{GROK} components: the channel's `components` match no component in 4 visits: API, API (*; the page names"
        " Global, Web; incidents of components without a pattern do not count for the API, so outages may be missing."
        " Correct `components` of the channel in its family file."
    )


def test_many_warnings_are_cut_short_in_the_terminal_and_counted(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand rows rejected must not push all else off the screen."""
    many = [ROW.replace("'number'", f"'field {number:03}'") for number in range(200)]
    make_state(sample_home, tmp_path, State(statements=[EMPTY, *many]))
    text, status = io.StringIO(), read_status(_view(tmp_path, monkeypatch).snapshot, _settings())
    print_status(Console(file=text, width=500), status, is_whole=True)

    assert text.getvalue().count("\n- qwen") == MOST_WARNINGS
    assert f"and {200 - MOST_WARNINGS} more: `heartbeat status --json` lists all" in text.getvalue()
    assert len(status["warnings"]) == 200


@pytest.mark.parametrize("kind", [*KINDS, "a kind of a newer version"])
@pytest.mark.parametrize("count", [1, 7])
def test_every_kind_has_its_words_and_hostile_texts_stay_short_and_harmless(kind: str, count: int) -> None:
    """Names and values come from upstream and go to a terminal."""
    evil = "\x1b[31mred\u202e\x00" + "x" * 1_000
    row = {
        "channel_id": evil, "thing": evil, "warning_kind": kind, "about": evil, "seen_names": [evil] * 20,
        "warning_count": count, "key": evil, "landed_path": "a.parquet", "excerpt": evil, "wanted": "a number",
    }  # fmt: skip
    words = describe_warning(row)

    assert words.finding and words.effect and words.remedy
    assert words.sentence.isprintable() and len(words.sentence) < 2_000
    if kind in KINDS:
        assert "newer version" not in words.sentence
