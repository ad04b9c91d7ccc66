"""Every page in every state: what it says, what it never does, and what it hands out."""

import ast
import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analytics.build import build
from dashboards import reading, words
from dashboards.figure import link, to_csv
from pipelines import cli
from tests.snapshot_rows import FAMILIES, HOSTILE, NOW, World, publish_world, tables
from tests.warehouse_rows import empty_warehouse

ROOT = Path(__file__).parents[1]
APP = ROOT / "dashboards" / "app.py"
PAGES = sorted(path.name for path in (ROOT / "dashboards").glob("pages_*.py"))
QUESTIONS = {
    "pages_adoption.py": "How much are the models used, and what is made of them?",
    "pages_claims.py": "Does the essay hold?",
    "pages_data.py": "Is the data good?",
    "pages_method.py": "How is each figure made, and how often is what is read by rules right?",
    "pages_overview.py": "Are people who build on open models helped as well as those who build on proprietary ones?",
    "pages_promises.py": "What may you do with it, and what does its maker promise?",
    "pages_reliability.py": "How often do the services break, and for how long?",
    "pages_waiting.py": "How long do people wait for an answer?",
}
WORLDS = {
    "sample": World(is_sample=True),
    "live": World(),
    "partial": World(broken={"qwen": "partial", "claude": "partial"}),
    "stale": World(age=timedelta(days=6)),
    "failed": World(broken={"qwen": "failed", "gpt": "failed"}),
    "hostile": World(is_hostile=True, broken={"llama": "failed"}),
    "no rows": World(has_rows=False),
    "older version": World(
        without=(
            "metrics.answered_curve",
            "metrics.incident_windows",
            "metrics.uptime_share",
            "metrics.model_derivatives",
            "metrics.claim_tests",
            "metrics.claim_texts",
            "metrics.method_questions",
            "metrics.feature_accuracy",
        )
    ),
}


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home for each world, published once."""
    made = {name: tmp_path_factory.mktemp(name.replace(" ", "-")) for name in WORLDS}
    for name, world in WORLDS.items():
        publish_world(made[name], world)
    return made


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the worlds were published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def opened(monkeypatch: pytest.MonkeyPatch, home: Path, page: str = "pages_overview.py", **filters: str) -> AppTest:
    """The app of a home, at a page."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(home))
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in filters.items():
        app.query_params[name] = value
    app.run()
    return app if page == "pages_overview.py" else app.switch_page(page).run()


def texts(app: AppTest) -> str:
    """All that a page says in Markdown, captions and titles."""
    return "\n".join(str(element.value) for kind in (app.title, app.markdown, app.caption, app.code) for element in kind)


def test_every_page_is_in_the_menu_and_has_its_question() -> None:
    """Adding a page is one file and its line in the menu."""
    menu = APP.read_text()
    assert list(QUESTIONS) == PAGES
    assert [page for page in PAGES if f'"{page}"' not in menu] == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("state", WORLDS)
def test_every_page_opens_in_every_state(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch, page: str, state: str) -> None:
    """Nothing is blank and nothing breaks, whatever the snapshot holds or lacks."""
    app = opened(monkeypatch, homes[state], page)
    assert not app.exception
    assert [title.value for title in app.title] == [QUESTIONS[page]]
    assert ("Sample data." in texts(app)) == (state == "sample")


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_publish_every_page_says_what_happens_and_the_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """A first run takes minutes: an empty page would look broken."""
    app = opened(monkeypatch, tmp_path, page)
    assert [title.value for title in app.title] == ["Nothing has been published yet"]
    assert [code.value for code in app.code] == ["heartbeat up"]


def test_a_snapshot_that_cannot_be_read_shows_a_designed_page_without_paths_or_traces(
    homes: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bit rot on disk: say what still works and what to do, and keep the machine's paths to its log."""
    snapshot = publish_world(tmp_path)
    snapshot.path.write_bytes(b"not a database" * 1000)
    app = opened(monkeypatch, tmp_path)
    assert "This page could not be shown" in [title.value for title in app.title]
    assert "heartbeat status" in texts(app)
    assert not app.exception
    assert str(tmp_path) not in texts(app)


def test_freshness_is_green_amber_with_its_age_or_red_with_its_reason(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The mark at the top is the first thing that a reader should be able to trust."""
    said = {
        state: re.findall(r":(\w+)-badge\[([^]]+)\]", texts(opened(monkeypatch, homes[state])))[0]
        for state in ("live", "partial", "stale", "failed")
    }
    assert {state: colour for state, (colour, _) in said.items()} == {
        "live": "green",
        "partial": "orange",
        "stale": "orange",
        "failed": "red",
    }
    assert f"6{words.GAP}d ago" in said["stale"][1]
    assert "14 of 67 collections failed" in said["failed"][1]


def test_every_figure_says_source_as_of_n_and_coverage(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A number without these is a rumour."""
    app = opened(monkeypatch, homes["partial"])
    footers = [caption.value for caption in app.caption if caption.value.startswith("Source:")]
    assert len(footers) == 5
    assert all(re.search(r"as of 24 Nov 2026 09:00 UTC \(3.h ago\) · n.=.[\d,]+", footer) for footer in footers)
    assert "coverage 62" in footers[0]


def test_the_definition_behind_the_info_mark_is_the_one_of_the_metric(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Written once, in the metric's own file."""
    app = opened(monkeypatch, homes["live"])
    helps = [caption.help for caption in app.caption if caption.help]
    assert len(helps) == 5
    assert "What does answered share say?" in helps[0].replace("\\", "")
    assert "Only public channels are seen." in helps[0].replace("\\", "")


def test_the_answer_says_no_difference_where_the_ranges_lie_among_each_other(
    homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verdict comes from the intervals, not from who happens to stand first."""
    assert "no difference between the sides is shown" in texts(opened(monkeypatch, homes["live"]))


def test_the_answer_says_so_when_there_is_no_data_for_it(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """No sentence is made up."""
    for page in ("pages_overview.py", "pages_waiting.py", "pages_reliability.py", "pages_adoption.py"):
        assert "do not carry an answer" in texts(opened(monkeypatch, homes["no rows"], page))


@pytest.mark.parametrize(
    "asked", [{"family": "Qwen", "window": "90 days", "role": "SDK"}, {"family": "qwen", "window": "90d", "role": "sdk"}]
)
def test_filters_come_from_the_address_and_reach_every_page(
    homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch, asked: dict[str, str]
) -> None:
    """A link shows the same to everybody, in the words of the filters or in the short names of the exports."""
    app = opened(monkeypatch, homes["live"], **asked)
    assert (app.multiselect[0].value, app.session_state["window"], app.session_state["role"]) == (["qwen"], "90d", "sdk")
    assert "Most answered within a day: Qwen" in texts(app)
    assert "lines are 95 % intervals; last 90 days." in texts(app)
    assert "no family has enough questions here, so the sides cannot be compared" in texts(app)


@pytest.mark.parametrize("value", ["'; drop table metrics.answered_share; --", "../../etc/passwd", "NaN", "<script>", "x" * 10_000, ""])
def test_filters_nobody_offers_are_left_out_with_a_notice_and_never_reflected(
    homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Addresses are written by strangers."""
    app = opened(monkeypatch, homes["live"], family=value, window=value, role=value, kind=value)
    assert not app.exception
    chosen = (app.multiselect[0].value, app.session_state["kind"], app.session_state["role"])
    assert chosen == ([], "tracker", "all")
    assert "lines are 95 % intervals; last 12 months." in texts(app)
    assert "it was left out" in texts(app)
    assert not value or value not in texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_text_from_elsewhere_is_escaped_wherever_markdown_is_read(
    homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """Titles of others must not become links, images, directives or HTML."""
    app = opened(monkeypatch, homes["hostile"], page)
    said = texts(app)
    assert [bad for bad in HOSTILE if len(bad) < 300 and bad in said and bad != HOSTILE[4]] == []
    assert [element for element in app.markdown if element.allow_html] == []
    assert "![" not in said and "](javascript" not in said and "<img" not in said.replace("\\<", "")


def test_no_page_writes_html_from_data() -> None:
    """`st.html` takes one constant sheet; nothing allows raw HTML in Markdown; no component is embedded."""
    calls = []
    for path in (ROOT / "dashboards").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                assert "unsafe_allow_html" not in [keyword.arg for keyword in node.keywords], path
                calls += [(name, ast.unparse(node.args[0]))] if name in ("html", "iframe", "components") else []
    assert calls == [("html", "STYLE")]


def test_a_fact_that_was_read_long_ago_is_marked_and_counted(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise that nobody has looked at for half a year may not hold any more."""
    app = opened(monkeypatch, homes["live"], "pages_promises.py")
    (shown,) = [frame.value for frame in app.dataframe]

    assert "4 of 12 facts were read more than 180 days ago" in texts(app)
    assert [day.endswith("◆") for day in shown["read on"]].count(True) == 4
    assert "Claude 60 days" in texts(app)


def test_the_kind_of_place_where_people_ask_is_a_filter_and_stands_in_the_source(
    homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forums are compared with forums; a kind that nothing was measured of shows no figure of another kind."""
    trackers = texts(opened(monkeypatch, homes["live"], "pages_waiting.py"))
    forums = texts(opened(monkeypatch, homes["live"], "pages_waiting.py", kind="forum"))

    assert "Source: public issue trackers" in trackers and "Source: public forums and discussions" in forums
    assert "Half of those who ask about" in trackers
    assert "Half of those who ask about" not in forums and "The data do not carry an answer" in forums


def test_the_page_of_reliability_names_who_serves_open_families(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Open weights have no page of their own: the hosts' lines stand in for it, and a reader must know which."""
    assert "Served, among others: Llama and Qwen by Mistral." in texts(opened(monkeypatch, homes["live"], "pages_reliability.py"))


def test_pages_read_the_snapshot_through_the_warehouse_only() -> None:
    """Only `warehouse` opens DuckDB; pages compute nothing with it."""
    allowed = {"dashboards", "warehouse", "streamlit", "altair", "pandas", "pyarrow"}
    for path in (ROOT / "dashboards").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            foreign = {name.split(".")[0] for name in names} - allowed
            assert foreign <= set(__import__("sys").stdlib_module_names), (path.name, foreign)


def test_rows_are_folded_until_asked_for_and_can_be_downloaded(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A table behind each figure costs nothing until somebody opens it."""
    app = opened(monkeypatch, homes["live"])
    assert len(app.dataframe) == 0
    app.session_state["rows-answered_share"] = True
    app.run()
    assert len(app.dataframe) == 1
    assert sorted(app.dataframe[0].value["family_id"]) == sorted(FAMILIES)


def rows_back(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What a reader of the CSV gets."""
    return list(csv.DictReader(io.StringIO(to_csv(rows), newline="")))


@pytest.mark.parametrize("text", [*HOSTILE, "\t=1", "\r=1", " =1", "\n=1", "＝1+1"])
def test_no_text_in_a_download_is_a_formula(text: str) -> None:
    """A spreadsheet must not run what a stranger wrote as a title."""
    (back,) = rows_back([{"title": text, "value": -5, "share": -0.25}])
    assert back["title"] in (text, f"'{text}")
    assert not back["title"].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert (back["value"], back["share"]) == ("-5", "-0.25")


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://a.example/x", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        ("JAVASCRIPT:alert(1)", False),
        ("https:///x", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
        (" javascript:x", False),
    ],
)
def test_only_http_links_can_be_followed(url: str | None, followed: bool) -> None:
    """Links come from elsewhere."""
    assert (link(url) is not None) == followed


def test_a_new_snapshot_is_shown_by_the_next_run_and_never_a_cached_older_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches are kept by version and path."""
    publish_world(tmp_path, World())
    app = opened(monkeypatch, tmp_path)
    assert "failed" not in texts(app)
    publish_world(tmp_path, World(broken={"qwen": "failed"}))
    app.run()
    assert "7 of 67 collections failed" in texts(app)


def test_a_window_that_a_metric_has_not_falls_back_and_says_which(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Downloads are known for 30 days only: choosing a year must not empty the chart or mislabel it."""
    app = opened(monkeypatch, homes["live"], window="365d")
    assert any("Downloads as the hub counts them, all models of a family; last 30 days." in caption.value for caption in app.caption)


def test_the_rows_of_a_page_are_capped(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """One viewer cannot ask for everything at once."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(homes["live"]))
    snapshot = reading.newest()
    assert snapshot is not None
    assert len(reading.rows(snapshot, "select * from range(100000)")) == reading.MOST_ROWS


def test_the_rows_that_pages_are_tried_on_have_the_shape_of_a_real_build(tmp_path: Path) -> None:
    """Every column of the test snapshot is one that the build makes, so that no page is proved on tables that do not exist."""
    connection = empty_warehouse()
    build(connection)
    built: dict[str, set[str]] = {}
    for schema, table, column in connection.execute("select schema_name, table_name, column_name from duckdb_columns()").fetchall():
        built.setdefault(f"{schema}.{table}", set()).add(column)
    missing = {name: set(table.column_names) - built.get(name, set()) for name, table in tables(World()).items()}
    assert {name: columns for name, columns in missing.items() if columns} == {}


def test_every_command_that_a_page_names_exists() -> None:
    """A page that helps with a command nobody has would be worse than none."""
    named = {name for path in (ROOT / "dashboards").glob("*.py") for name in re.findall(r"heartbeat ([a-z]+)", path.read_text())}
    known = {command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback}
    assert named and named <= known


def test_the_data_page_says_whether_the_totals_add_up(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the sources count, what is held, and why the two differ: a hole that nobody can explain is said in bold."""
    said = texts(opened(monkeypatch, homes["partial"], "pages_data.py"))
    assert "Does it add up?" in said
    assert "items are missing without a known reason" in said
    assert "lie before the time that is collected" in said and "wait for a later visit" in said
