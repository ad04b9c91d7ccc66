"""The kind of channel that pages open with, and the languages that they offer."""

from pathlib import Path

import pytest

from dashboards.frame import snapshot_reader
from tests.dashboards.test_pages import opened, texts
from tests.worlds.page_worlds import State, make_state
from warehouse.snapshot import read_current

WAITING = "support/support.py"
FIRST = "No questions from issue trackers have been read yet, so the pages show "


def _change(sample_home: Path, home: Path, sql: str) -> Path:
    make_state(sample_home, home, State(statements=(sql,)))
    return home


def test_without_a_tracker_pages_open_with_the_kind_that_holds_most_questions(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a token Stack Exchange and forums answer first: a page of empty trackers would hide them."""
    home = _change(
        sample_home, tmp_path / "home", "update metrics.figures set n = case channel_kind when 'tag' then 9 "
        "when 'tracker' then 0 else 1 end where metric = 'answered_share'",
    )  # fmt: skip

    app = opened(monkeypatch, home, WAITING)
    assert not app.exception
    assert app.selectbox(key="kind").value == "tag" and f"{FIRST}questions by tag first." in texts(app)
    assert any("questions by tag, last 12 months" in line for line in texts(app).splitlines())

    chosen = opened(monkeypatch, home, WAITING, kind="tracker")
    assert chosen.selectbox(key="kind").value == "tracker" and FIRST not in texts(chosen)


@pytest.mark.parametrize("sql", ["delete from metrics.figures", "drop view metrics.answered_share"])
def test_where_nothing_was_read_or_an_older_version_knows_nothing_pages_open_with_trackers(
    sample_home: Path, tmp_path: Path, sql: str
) -> None:
    """There is nothing better to show."""
    snapshot = read_current(_change(sample_home, tmp_path / "home", sql))
    assert snapshot is not None
    assert snapshot_reader.find_usual_kind(snapshot) == "tracker"


def test_all_families_of_a_side_are_one_choice(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirteen clicks for the open ones were twelve too many; the address names each, as any other choice does."""
    snapshot = read_current(sample_home)
    assert snapshot is not None
    families = snapshot_reader.load_families(snapshot)
    sides = {side: [one["family_id"] for one in families if one["side"] == side] for side in ("open", "proprietary")}
    app = opened(monkeypatch, sample_home, WAITING)
    assert app.multiselect[0].options[:2] == ["All open", "All proprietary"]
    app.multiselect[0].set_value(["side:open"]).run()
    assert not app.exception and app.multiselect[0].value == sides["open"]
    assert app.query_params["family"] == sides["open"]
    app.multiselect[0].set_value(["gpt", *sides["open"], "side:proprietary"]).run()
    rest = [name for name in sides["proprietary"] if name != "gpt"]
    assert app.multiselect[0].value == ["gpt", *sides["open"], *rest]


def test_only_languages_that_a_snapshot_has_are_offered(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any other would change no figure; a link to one is said to lead to nothing here."""
    app = opened(monkeypatch, sample_home, WAITING, language="zh")
    assert app.selectbox(key="language").options == ["any language", "English"]
    assert "The link names a language that does not exist here; it was ignored." in texts(app)

    sql = (
        "update metrics.figures set segment = 'language:zh' where metric = 'answered_share' and segment = 'type:other' "
        "and channel_kind = 'tracker'"
    )
    app = opened(monkeypatch, _change(sample_home, tmp_path / "home", sql), WAITING, language="zh")
    assert app.selectbox(key="language").options == ["any language", "English", "Chinese"]
    assert "does not exist here" not in texts(app) and "only questions in Chinese" in texts(app)
