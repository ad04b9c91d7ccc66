"""The static site: the pages of the dashboard as files that need nothing else, with the same numbers, and without what
others wrote as markup."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboards.charts import colours
from dashboards.frame.view import View
from dashboards.menu import ADDRESSES, MENU, page_module
from dashboards.site import content, ends, site
from dashboards.site.content import Panel, Sheet
from dashboards.site.markdown import name_page, render_blocks, render_line
from dashboards.words.numbers import strip_markdown
from tests.worlds.page_worlds import NOW
from warehouse import notices

VOID = {"meta", "br", "path", "line", "rect", "circle", "image", "use", "link"}
ADDRESS = "https://h.example/x"
StateHome = Callable[[str], Path]


class Read(HTMLParser):
    """A page as its tags: what is open must be closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag without content."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Closes the tag that was opened last, and none else."""
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keeps what a reader reads."""
        if not (self.open and self.open[-1] in ("style", "script")):
            self.said += data

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [str(attributes[name]) for _, attributes in self.tags if name in attributes]


def view(home: Path) -> View:
    """The view that the command would take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEARTBEAT_HOME", str(home))
        patch.setenv("HEARTBEAT_NOW", NOW.isoformat())
        return site.make_view()


@cache
def write_site_of(home: Path) -> Path:
    """Writes the site of a home, once, with few pairs."""
    folder = Path(mkdtemp()) / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "combinations", lambda families, _: [("claude", "qwen")] if "qwen" in families else [])
        assert site.write_site(view(home), folder, ADDRESS) == []
    return folder


@pytest.fixture(scope="module")
def made(sample_home: Path) -> Path:
    """The site of the sample world."""
    return write_site_of(sample_home)


@pytest.fixture(scope="module")
def pages(made: Path) -> dict[str, Read]:
    """What a reader finds on each page."""
    return {path.name: Read(path.read_text()) for path in made.glob("*.html")}


@cache
def make_sheets(home: Path) -> list[Sheet]:
    """The pages of the menu."""
    return [content.make_sheet(view(home), file) for file in MENU]


def test_there_is_a_page_for_each_of_the_menu_each_family_and_each_pair(pages: dict[str, Read]) -> None:
    """A page that nobody wrote a story for would be missing without a word."""
    files = {f"{name}.html" for name in ADDRESSES.values() if name != "overview"}

    assert files | {"index.html", "print.html", "family-claude.html", "compare-claude-vs-qwen.html"} <= pages.keys()
    assert "Qwen" in pages["compare-claude-vs-qwen.html"].said and "Claude" in pages["family-claude.html"].said


def test_every_link_leads_to_a_file_and_a_place_that_exist(pages: dict[str, Read], made: Path) -> None:
    """Pages of other pairs are not made in a test."""
    for name, page in pages.items():
        for link in page.values("href") + page.values("src"):
            if link.startswith(("https://", "http://")) or "-vs-" in link:
                continue
            file, _, anchor = link.partition("#")
            assert (made / file).exists(), (name, link)
            assert not anchor or anchor in pages[file or name].values("id"), (name, link)


@pytest.mark.parametrize("file", MENU)
def test_a_page_has_the_answer_and_the_figures_of_the_dashboard(
    file: str, sample_home: Path, pages: dict[str, Read]
) -> None:
    """The same objects, so that no number differs."""
    chosen = site.choose_families(view(sample_home), file)
    story = importlib.import_module(page_module(file)).story(chosen)
    sheet = content.make_sheet(chosen, file, name_page(ADDRESSES[file]))
    shown = [part for part in sheet.parts if isinstance(part, Panel)]

    assert strip_markdown(sheet.headline) in pages[f"{sheet.name}.html"].said
    assert sheet.answer == story.answer and len(shown) == len(story.figures()) > 0
    for panel, figure in zip(shown, story.figures(), strict=True):
        assert (panel.chart, panel.title) == (figure.chart, render_line(figure.title))
        assert panel.numbers.count == len(figure.rows)
        assert "just now" not in panel.footer, "a file is read later"


def test_files_have_each_figure_with_a_value(sample_home: Path, made: Path, tmp_path: Path) -> None:
    """The rows that `heartbeat export` writes, of every metric."""
    done = run(sample_home, "export", "all", "--format", "json", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    exported = {path.name: json.loads(path.read_text()) for path in tmp_path.glob("*.json")}
    written = {path.name: json.loads(path.read_text()) for path in (made / "data").glob("*.json")}

    assert written == {name: [row for row in exported[name] if row["value"] is not None] for name in written}
    assert len(written) > 30 and sum(map(len, written.values())) > 10_000
    assert all(row["is_sample"] for rows in written.values() for row in rows)
    assert (made / "data" / "answered_share.csv").read_text().startswith("family_id,side")


def test_a_receipt_can_be_asked_for(sample_home: Path) -> None:
    """The command that is printed must be one that answers."""
    parts = [part for sheet in make_sheets(sample_home) for part in sheet.parts if isinstance(part, Panel)]
    receipts = [part.receipt for part in parts if part.receipt]
    done = run(sample_home, *receipts[0].split()[1:], "--json")

    assert len(receipts) > 10 and done.returncode == 0, done.stderr
    assert '"query"' in done.stdout


def test_pages_can_be_walked_by_ear(pages: dict[str, Read]) -> None:
    """Names are unique, headings follow each other, every chart says what it shows."""
    for page in pages.values():
        names, levels = page.values("id"), [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3")]
        charts = [attributes for tag, attributes in page.tags if tag == "svg"]
        assert ("html", {"lang": "en"}) in page.tags and len(names) == len(set(names))
        assert levels.count(1) == 1 and all(after - before <= 1 for before, after in pairwise(levels))
        assert all(chart.get("role") == "img" and len(chart.get("aria-label") or "") > 20 for chart in charts)


def test_pages_ask_for_nothing_from_elsewhere(pages: dict[str, Read]) -> None:
    """No tracker, no foreign font: only the page that looks ids up has a script, which is its own."""
    for name, page in pages.items():
        scripts = [attributes.get("src") for tag, attributes in page.tags if tag == "script"]
        assert scripts == ([None, "site.js"] if name == "changes.html" else []), name
        assert not {"iframe", "object", "embed", "form", "image"} & {tag for tag, _ in page.tags}
        assert not [key for _, attributes in page.tags for key in attributes if key.startswith("on")]
        assert "default-src 'none'" in page.values("content")[0]


def test_charts_follow_the_theme(made: Path) -> None:
    """Each colour has one name in both themes, and no chart has a colour of its own."""
    light, dark = map(colours.name_colours, (colours.LIGHT, colours.DARK))
    assert len(set(light.values())) == len(light) and set(light.values()) == set(dark.values())
    charts = re.findall("<svg.*?</svg>", (made / "support.html").read_text(), re.DOTALL)
    assert charts and not re.findall(r'(?:fill|stroke)="#', " ".join(charts))


def test_made_up_numbers_are_marked_on_every_page(pages: dict[str, Read], made: Path, state_home: StateHome) -> None:
    """Also on badges, which others show; and only if they are made up."""
    assert all("Sample data." in page.said for page in pages.values())
    assert "(sample)" in (made / "badges" / "claude.svg").read_text()
    assert "Sample data." not in (write_site_of(state_home("no rows")) / "index.html").read_text()


def test_text_from_elsewhere_stays_text(state_home: StateHome) -> None:
    """A title of an issue or a name of a model must not become markup."""
    page = Read((write_site_of(state_home("hostile")) / "print.html").read_text())

    assert not {"script", "img", "image", "iframe", "b", "marquee"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not [link for link in page.values("href") if link.lower().startswith(("javascript", "data:"))]
    assert "<img src=x onerror=alert(1)>" in page.said


def test_a_page_that_breaks_takes_no_other_with_it(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command prints the reason; the file only says which page is missing."""

    def story(page: View) -> None:
        raise KeyError("/home/somebody/secret")

    monkeypatch.setattr("dashboards.support.support.story", story)
    monkeypatch.setattr(site, "combinations", lambda *_: [])
    broken = site.write_site(view(sample_home), tmp_path / "site")
    page = (tmp_path / "site" / "support.html").read_text()

    assert [(sheet.name, sheet.error) for sheet in broken] == [("support", "KeyError")]
    assert "secret" not in page and "could not be built: KeyError" in page
    assert (tmp_path / "site" / "ask.html").exists()


def test_what_other_programs_read_is_there(made: Path, sample_home: Path) -> None:
    """Ends with their words as on the dashboard, news, badges, the list of pages, and the card of link previews."""
    listed = json.loads((made / "ends.json").read_text())
    told = ends.tell_ids(view(sample_home))

    assert {row["model"] for row in listed["notices"] if row["subject_kind"] == "model"} == told.keys()
    assert listed["address"] == ADDRESS and len(told) > 20
    assert json.loads((made / "misses.json").read_text()) == ends.measure(view(sample_home)) == {}
    page = view(sample_home)
    measured = ends.measure(replace(page, snapshot=replace(page.snapshot, is_sample=False)))
    assert measured["ids"] > 500 and len(measured["misses"]) == measured["ids"] - measured["same_day"]
    for path in (made / "news.atom", *(made / "badges").iterdir()):
        ElementTree.fromstring(path.read_text())  # noqa: S314  # our own
    assert f"{ADDRESS}/index.html" in (made / "sitemap.txt").read_text().splitlines()
    assert f'og:image" content="{ADDRESS}/card.png"' in (made / "index.html").read_text()
    assert (made / "card.png").read_bytes().startswith(b"\x89PNG")


def test_entries_of_the_feed_lead_to_files(state_home: StateHome) -> None:
    """Its links are written for the dashboard, whose pages are no files."""
    made = write_site_of(state_home("hostile"))
    feed = (made / "news.atom").read_text()
    linked = {link.partition("#")[0] for link in re.findall(rf"{ADDRESS}/([^\"\s<]*)", feed)}

    assert {"news.atom", "index.html", "changes.html"} <= linked
    assert [name for name in linked if not (made / name).is_file()] == []


def test_an_end_links_only_what_may_be_followed(state_home: StateHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script of the field makes a link of it."""
    load = notices.load_notices
    evil = {"url": "javascript:alert(1)"}
    monkeypatch.setattr(notices, "load_notices", lambda shot: [row | evil for row in load(shot)])
    told = ends.tell_ids(view(state_home("hostile")))
    assert told and {link for _, _, link in told.values()} == {""}


ROW: dict[str, Any] = {
    "family_id": "qwen", "side": "open", "channel_kind": "tracker", "channel_role": "all", "segment": "anyone",
    "statistic": "within_24h",
    "window": "365d", "value": 0.41, "low": 0.33, "high": 0.5, "unit": "share", "n": 110, "n_events": 60,
    "n_censored": 4,
    "coverage_share": 1.0, "as_of_at": NOW.replace(tzinfo=None), "method_version": 1, "state": "measured", "note": None,
}  # fmt: skip


def test_a_table_links_only_what_may_be_followed_and_says_how_much_it_leaves_out() -> None:
    """A script is no address."""
    rows = [
        {"what": "a", "n": 1234, "url": "javascript:alert(1)"},
        {"what": "b", "n": 2, "url": "https://example.org/1"},
    ]
    table = content.make_table(rows, 1)

    assert table.rows == ((("a", None), ("1,234", None), ("", None)),) and table.count == 2
    assert content.make_table(rows, 2).rows[1][2] == ("source", "https://example.org/1")


def test_words_are_read_once_and_never_again_as_markup() -> None:
    """What was escaped for Markdown is text; HTML is text; pages are files, and only http and https are links."""
    line = render_line(r"**41 %** of \*\*this\*\* <b>x</b> [a](javascript:alert(1)) [b](https://example.org)")
    blocks = render_blocks("## Head\n\nwords\n\n- item")

    assert 'href="support.html"' in render_line("[a page](support?x=1)")
    assert 'href="family-qwen.html"' in render_line("[a family](family?family=qwen)")
    assert 'href="news.atom"' in render_line("[the news](news.atom)")
    assert "<strong>41 %</strong> of **this** &lt;b&gt;x&lt;/b&gt; [a](javascript:alert(1))" in line
    assert re.findall(r'href="([^"]+)"', line) == ["https://example.org"]
    assert blocks.split("\n")[:2] == ["<h3>Head</h3>", "<p>words</p>"] and "<li>item</li>" in blocks


def run(home: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    environment = os.environ | {"HEARTBEAT_HOME": str(home), "HEARTBEAT_NOW": NOW.isoformat(), "GITHUB_TOKEN": "canary"}
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *words],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_is_replaced_only_if_it_is_a_site(state_home: StateHome, tmp_path: Path) -> None:
    """Its first page on stdout, nothing on stderr; what is not ours is never deleted."""
    words = ("site", "--out", "new/site")
    for _ in range(2):
        done = run(state_home("no rows"), *words, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "new/site/index.html\n", "")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").touch()
    done = run(state_home("no rows"), "site", "--out", "mine", cwd=tmp_path)

    assert done.returncode == 2 and "name a new or empty folder" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter"]


def test_before_the_first_publish_it_says_what_to_run(tmp_path: Path) -> None:
    """The first thing a new user may try."""
    done = run(tmp_path, "site", "--out", "site", cwd=tmp_path)

    assert done.returncode == 2
    assert "run `heartbeat up`" in done.stderr and "Traceback" not in done.stderr
