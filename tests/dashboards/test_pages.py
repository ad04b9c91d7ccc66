"""Every page: what it says, what it never does, and what it hands out."""

import csv
import importlib
import io
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from streamlit import runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.testing.v1 import AppTest

from dashboards.frame import downloads, snapshot_reader
from dashboards.frame.story import Figure, Story
from dashboards.frame.tables import LINKS, safe_link
from dashboards.frame.view import View
from dashboards.menu import MENU, page_module
from pipelines import cli
from tests.paths import ROOT
from tests.worlds.hostile import HOSTILE
from tests.worlds.page_worlds import LATER, NOW, count_collections
from warehouse.export import to_csv
from warehouse.snapshot import Snapshot, list_versions, published_folder, read_current
from warehouse.wording import GAP

APP = ROOT / "dashboards" / "script.py"
QUESTIONS = {f"{file}.py": page.question for file, page in MENU.items()}
PAGES = list(QUESTIONS)
FIRST = "overview/overview.py"
"""The page that opens by itself."""
Home = Callable[[str], Path]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the worlds were published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def opened(monkeypatch: pytest.MonkeyPatch, home: Path, page: str = FIRST, **filters: str | list[str]) -> AppTest:
    """The app of a home, at a page, with all its figures."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(home))
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in filters.items():
        app.query_params[name] = value
    if page != FIRST:
        app.switch_page(page)
    return app.run()


def texts(app: AppTest) -> str:
    """All that a page says in Markdown, captions, titles and headings."""
    return "\n".join(
        str(element.value) for kind in (app.title, app.header, app.markdown, app.caption, app.code) for element in kind
    )


def seen(home: Path, now: datetime = NOW, **filters: Any) -> View:
    """What a page is given of a home, without a browser."""
    snapshot = read_current(home)
    assert snapshot is not None
    return View(snapshot, now, snapshot_reader.load_families(snapshot), **filters)


def figures(home: Path, page: str, **filters: Any) -> list[Figure]:
    """The figures of a page."""
    return tell(page, seen(home, **filters)).figures()


def tell(page: str, view: View) -> Story:
    """The story of a page."""
    story: Story = importlib.import_module(page_module(page.removesuffix(".py"))).story(view)
    return story


def test_every_page_is_in_the_menu_and_asks_its_question() -> None:
    """Adding a page is one file and its line in the menu."""
    folder = ROOT / "dashboards"
    files = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"^QUESTION = ", path.read_text(), re.MULTILINE)
    }

    assert set(PAGES) == files
    for page, question in QUESTIONS.items():
        assert question == importlib.import_module(page_module(page.removesuffix(".py"))).QUESTION


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_publish_every_page_says_what_happens_and_the_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """A first run takes minutes: an empty page would look broken."""
    app = opened(monkeypatch, tmp_path, page)
    assert [title.value for title in app.title] == ["Nothing has been published yet"]
    assert [code.value for code in app.code] == ["heartbeat up"]


def test_a_damaged_pointer_costs_a_line_and_no_page(
    state_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older version with its reason is better than none; if there is none, the page is drawn all the same."""
    published = published_folder(tmp_path)
    shutil.copytree(published_folder(state_home("live")), published)
    (published / "current.json").write_text("{")
    # What is looked at is kept for some seconds.
    monkeypatch.setattr(snapshot_reader, "monotonic", count(0, 60).__next__)
    assert "**Readers do not see all of the newest version**" in texts(opened(monkeypatch, tmp_path))
    for path in list_versions(published):
        path.unlink()
    app = opened(monkeypatch, tmp_path)
    assert [title.value for title in app.title] == ["No published version can be read"] and not app.exception
    assert "heartbeat publish" in texts(app) and "heartbeat doctor" in texts(app)
    assert str(tmp_path) not in texts(app)


def test_freshness_is_green_amber_with_its_age_or_red_with_its_reason(
    state_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark at the top is the first thing that a reader should be able to trust."""
    said = {}
    for state in ("live", "partial", "stale", "failed"):
        monkeypatch.setenv("HEARTBEAT_NOW", (LATER if state == "stale" else NOW).isoformat())
        said[state] = re.findall(r":(\w+)-badge\[([^]]+)\]", texts(opened(monkeypatch, state_home(state))))[0]
    (_, made_up), *_ = re.findall(r":(\w+)-badge\[([^]]+)\]", texts(opened(monkeypatch, state_home("sample"))))
    assert re.match(r"Sample: 1 of \d+ collections silent", made_up)
    assert {state: colour for state, (colour, _) in said.items()} == {
        "live": "orange",
        "partial": "orange",
        "stale": "red",
        "failed": "orange",
    }
    assert re.match(r"1 of \d+ collections silent; worst here: ", said["live"][1])
    assert f"7{GAP}d ago" in said["stale"][1]
    assert re.fullmatch(
        rf"\d+ of {count_collections(state_home('failed'))} collections failed; worst here.*",
        said["failed"][1],
    )


def test_whatever_is_wrong_is_said_on_every_page_with_what_it_does_to_the_figures(
    state_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What broke, whom it concerns, and who still works; a page that is well says nothing."""
    said = {}
    for state in ("live", "partial", "stale", "failed"):
        monkeypatch.setenv("HEARTBEAT_NOW", (LATER if state == "stale" else NOW).isoformat())
        said[state] = texts(opened(monkeypatch, state_home(state), "support/support.py")).replace(GAP, " ")
    assert not any(word in said["live"] for word in ("failed", "in part", "Nothing new"))
    assert re.search(r"\*\*69 collections of Claude and Qwen were read in part\*\*.*may bias shares", said["partial"])
    assert re.search(
        r"\*\*65 collections of GPT and Qwen failed at the last visit\*\*.*rest on the visit before", said["failed"]
    )
    assert "**Nothing new was published** (for 7 d). Figures are those published 7 d ago." in said["stale"]


def test_every_figure_says_source_as_of_n_and_coverage(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number without these is a rumour."""
    app = opened(monkeypatch, state_home("partial"), "support/support.py")
    footers = [caption.value for caption in app.caption if caption.value.startswith("Source:")]
    assert len(footers) >= 5
    assert all(re.search(r"as of 1 Dec 2026 06:00 UTC · n.=.[\d,]+", footer) for footer in footers)
    assert all("coverage" in footer for footer in footers)


def test_a_window_of_thirty_days_is_called_provisional(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late answers come for a month."""
    for window, is_told in (("30d", True), ("365d", False)):
        said = texts(opened(monkeypatch, state_home("live"), "support/support.py", window=window))
        assert ("provisional: the last 30 days may still change" in said) == is_told


def test_the_definition_behind_the_info_mark_is_the_one_of_the_metric(
    state_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written once, in the metric's own file."""
    app = opened(monkeypatch, state_home("live"), "support/support.py")
    helps = " ".join(caption.help for caption in app.caption if caption.help).replace("\\", "")
    assert "What share of askers is answered by a person within a day, a week, a month?" in helps
    assert "One minus the share still waiting" in helps


@pytest.mark.parametrize("page", [page for page in PAGES if page != "evidence/data.py"])
def test_the_answer_says_so_when_there_is_no_data_for_it(state_home: Home, page: str) -> None:
    assert "give no answer" in tell(page, seen(state_home("no rows"))).answer


@pytest.mark.parametrize(
    "asked",
    [
        {
            "family": "Qwen",
            "window": "90 days",
            "role": "SDK",
            "type": "getting it to run",
            "language": "English",
            "bots": "strict",
        },
        {
            "family": "qwen",
            "window": "90d",
            "role": "sdk",
            "type": "getting it to run",
            "language": "en",
            "bots": "strict",
        },
    ],
)
def test_filters_come_from_the_address_and_reach_every_page(
    state_home: Home, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str]
) -> None:
    """A link shows the same to everybody, in the words of the filters or in the short names of the exports."""
    app = opened(monkeypatch, state_home("live"), "support/support.py", **asked)
    names = ("window", "role", "type", "language", "bots")
    assert app.multiselect[0].value == ["qwen"]
    assert [app.session_state[name] for name in names] == ["90d", "sdk", "getting it to run", "en", "strict"]
    assert "one of type of question, language and rules for bots at a time" in texts(app)
    assert "last 90 days" in texts(app)


def test_a_filter_by_type_takes_the_figures_that_have_it_and_the_others_say_that_they_have_not(
    state_home: Home,
) -> None:
    """Nothing is filtered in silence, and nothing is left unfiltered in silence."""
    page = seen(state_home("live"), type="getting it to run")
    apart, whole = (
        page.load_asked("answered_share", ("within_7d",), "anyone"),
        page.load_metric("answered_share", "tracker", "staff", ("within_7d",)),
    )
    assert {row["segment"] for row in apart} == {"type:getting it to run"}
    assert page.describe_scope(apart) == "issue trackers, last 12 months; only questions about getting it to run"
    assert page.describe_scope(whole) == "issue trackers, last 12 months; not split by type of question"
    kits = [whole[0] | {"channel_role": "sdk"}]
    assert page.describe_scope(kits).startswith("issue trackers, last 12 months, SDK only")
    assert page.describe_scope(kits, "repositories of the kind SDK").startswith(
        "repositories of the kind SDK, last 12 months;"
    )


@pytest.mark.parametrize(
    "value", ["'; drop table metrics.answered_share; --", "../../etc/passwd", "NaN", "<script>", "x" * 10_000]
)
def test_filters_nobody_offers_are_left_out_with_a_notice_and_never_reflected(
    state_home: Home, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    asked = dict.fromkeys(("family", "window", "role", "kind", "type", "language", "bots"), value)
    app = opened(monkeypatch, state_home("live"), "support/support.py", **asked)
    assert not app.exception
    chosen = (app.multiselect[0].value, app.session_state["kind"], app.session_state["role"], app.session_state["type"])
    assert chosen == ([], "tracker", "all", "")
    assert "it was ignored" in texts(app)
    assert value not in texts(app)
    assert "last 12 months" in texts(app)


def test_what_is_behind_a_figure_is_closed_until_asked_for(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table, the cases with their links, the receipt with its query, how to pass it on, and how to report it."""
    app = opened(monkeypatch, state_home("live"), "support/support.py")
    closed = len(app.dataframe)
    app.session_state["behind-within"] = True
    app.run()
    assert len(app.dataframe) == closed + 1
    table = app.dataframe[closed].value
    assert {*table.columns} == {"family", "what", "value (95 % interval)", "n", "note"}
    assert "answered within a week" in set(table["what"]) and {"Qwen"} <= set(table["family"])

    app.session_state["side-within"] = "Cases"
    app.run()
    cases = app.dataframe[closed].value
    assert {"link", "title", "outcome"} <= set(cases.columns)
    assert all(str(url).startswith("http") for url in cases["link"])
    assert re.search(r"Based on [\d,]+ cases", texts(app))

    app.session_state["side-within"] = "Receipt"
    app.run()
    command, query = app.code[-2].value, app.code[-1].value
    assert command.startswith("heartbeat receipt answered_share family=")
    assert query.startswith("select *\nfrom metrics.answered_share") and "statistic" in query

    app.session_state["side-within"] = "Share"
    app.run()
    link, frame, citation = (code.value for code in app.code[-3:])
    assert link.endswith("#within") and "figure=within&amp;embed=true" in frame and link in citation
    app.session_state["side-within"] = "Is it wrong?"
    app.run()
    assert "heartbeat receipt answered_share" in app.code[-1].value and not app.exception


@pytest.mark.parametrize("form", ["csv", "parquet", "json", "svg", "png"])
def test_every_figure_can_be_taken_along(state_home: Home, form: str) -> None:
    """Rows say whether they are made up; pictures carry title, measure and source."""
    home = state_home("sample")
    figure = next(one for one in figures(home, "support/support.py") if one.name == "within")
    made = downloads.make_downloads(seen(home), figure)[form]()
    begins = {"csv": b"family_id", "parquet": b"PAR1", "json": b"[", "svg": b"<svg", "png": b"\x89PNG"}
    assert made.startswith(begins[form])
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(made.decode(), newline="")))
        assert len(rows) == len(figure.rows) and {row["is_sample"] for row in rows} == {"True"}
    if form == "svg":
        said = re.sub(r"<[^>]+>", " ", made.decode())
        assert "Answered within 30 days" in said and "SAMPLE DATA" in said and "Source: public issue trackers" in said


def test_a_download_outlives_the_runs_of_other_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty open pages end ten runs a second, each of which deletes what no page refers to."""
    files = MediaFileManager(MemoryMediaFileStorage("/media"))
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(media_file_mgr=files))

    def fetch(number: int) -> str:
        name = f"{number}.csv"
        made = downloads.keep_download(name.encode, name, "text/csv")
        url = files.execute_deferred(files.add_deferred(made, "text/csv", "button", name))
        for _ in range(3):
            files.remove_orphaned_files()
        return url.removeprefix("/media/")

    first, *others = (fetch(number) for number in range(downloads.KEPT_DOWNLOADS + 1))
    kept = [files.read_file(one) for one in others]
    assert [file.content for file in kept if file] == [f"{1 + one}.csv".encode() for one in range(len(others))]
    assert files.read_file(first) is None, "memory must not grow with the downloads"


def test_no_cell_within_a_text_is_a_formula() -> None:
    """Where the decimal comma is used, a spreadsheet divides cells at semicolons, quoted or not."""
    made = to_csv(pa.table({"title": ["Crash; =HYPERLINK(A1);x", "a; b"]})).decode()
    assert made.splitlines()[1:] == ["Crash; '=HYPERLINK(A1);x", "a; b"]


@pytest.mark.parametrize("text", [*HOSTILE, "\t=1", "\r=1", " =1", "\n=1", "＝1+1"])
def test_no_text_in_a_download_is_a_formula(text: str) -> None:
    snapshot = Snapshot(Path("none"), 1, NOW, is_sample=False)
    made = to_csv(downloads.to_arrow([{"title": text, "value": -5, "share": -0.25}], snapshot)).decode()
    (back,) = csv.DictReader(io.StringIO(made, newline=""))
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
        ("https://[x", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
        (" javascript:x", False),
    ],
)
def test_only_http_links_can_be_followed(url: str | None, followed: bool) -> None:
    assert (safe_link(url) is not None) == followed


@pytest.mark.parametrize("page", PAGES)
def test_a_column_of_addresses_is_declared_and_drawn_as_links(state_home: Home, page: str) -> None:
    """An address in a column that nobody declared could not be followed."""
    columns = {
        name
        for figure in figures(state_home("sample"), page)
        for row in (*figure.rows, *figure.shown)
        for name, value in row.items()
        if isinstance(value, str) and safe_link(value)
    }
    assert columns <= LINKS


def test_the_rows_of_a_page_are_capped(state_home: Home) -> None:
    """One viewer cannot ask for everything at once."""
    assert (
        len(snapshot_reader.load_rows(seen(state_home("live")).snapshot, "select * from range(100000)"))
        == snapshot_reader.MOST_ROWS
    )


def test_every_command_that_a_page_names_exists() -> None:
    """A page that helps with a command nobody has would be worse than none."""
    named = {
        name
        for path in (ROOT / "dashboards").rglob("*.py")
        for name in re.findall(r"`heartbeat ([a-z]+)", path.read_text())
    }
    known = {command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback}
    known |= {str(group.name) for group in cli.app.registered_groups}
    assert named and named <= known
