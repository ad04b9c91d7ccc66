"""The report: all pages in one file that needs nothing else, with the numbers of the pages, and without what others
wrote as markup."""

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.view import View
from dashboards.menu import ADDRESSES, MENU, SINGLE, Page, page_module
from dashboards.report import content, report
from dashboards.report.content import Panel, ReportContent
from dashboards.report.markdown import render_blocks, render_line
from tests.worlds.page_worlds import NOW

QUESTIONS = {ADDRESSES[file]: page.question for file, page in MENU.items() if file != SINGLE}
"""A report of many families has no chapter on one."""
VOID = {"meta", "br", "path", "line", "rect", "circle", "image", "use"}
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
        if not (self.open and self.open[-1] == "style"):
            self.said += data

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [str(attributes[name]) for _, attributes in self.tags if name in attributes]


def view(home: Path, *families: str) -> View:
    """The view that the command would take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEARTBEAT_HOME", str(home))
        patch.setenv("HEARTBEAT_NOW", NOW.isoformat())
        return report.make_view(families, "365d", "tracker")


@cache
def make_report_of(home: Path) -> ReportContent:
    """Makes the report of a home, once."""
    return content.make_report(view(home))


@cache
def write_report_of(home: Path) -> str:
    """Writes the report of a home as HTML, once."""
    return report.render_html(make_report_of(home))


@pytest.fixture(scope="module")
def stated(sample_home: Path) -> ReportContent:
    """The report of the sample world."""
    return make_report_of(sample_home)


@pytest.fixture(scope="module")
def written(sample_home: Path) -> str:
    """It as HTML."""
    return write_report_of(sample_home)


@pytest.fixture(scope="module")
def page(written: str) -> Read:
    """What a reader finds in it, parsed once: that takes two seconds."""
    return Read(written)


def panels(stated: ReportContent) -> list[Panel]:
    """All figures."""
    return [part for sheet in stated.sheets for part in sheet.parts if isinstance(part, Panel)]


def test_every_page_of_the_menu_is_a_chapter_in_its_order(stated: ReportContent, written: str) -> None:
    """A page that nobody wrote a story for would be missing without a word."""
    asked = zip(stated.sheets, QUESTIONS.values(), strict=True)
    assert all(sheet.question.lower().endswith(question.lower()) for sheet, question in asked)
    assert stated.broken == []
    positions = [written.index(f'<section id="{name}"') for name in QUESTIONS]
    assert positions == sorted(positions)


def test_a_chapter_has_the_answer_and_the_figures_of_its_page(stated: ReportContent, sample_home: Path) -> None:
    """The same objects, so that no number differs: what the page shows by itself."""
    story = importlib.import_module(page_module("support/support")).story(view(sample_home))
    sheet = next(sheet for sheet in stated.sheets if sheet.anchor == "support")
    shown = [part for part in sheet.parts if isinstance(part, Panel)]

    assert sheet.answer == story.answer and len(shown) == len(story.figures()) > 0
    for panel, figure in zip(shown, story.figures(), strict=True):
        assert (panel.chart, panel.title) == (figure.chart, render_line(figure.title))
        assert panel.numbers.count == len(figure.rows)
        assert "as of 1 Dec 2026" in panel.footer and "just now" not in panel.footer, "a file is read later"


def test_a_receipt_of_the_report_can_be_asked_for(stated: ReportContent, sample_home: Path) -> None:
    """The command that is printed must be one that answers."""
    receipts = [panel.receipt for panel in panels(stated) if panel.receipt]
    done = run(sample_home, *receipts[0].split()[1:], "--json")

    assert len(receipts) > 15 and done.returncode == 0, done.stderr
    assert '"query"' in done.stdout


def test_the_file_is_well_formed_and_can_be_walked_by_ear(written: str, page: Read) -> None:
    """Names are unique, headings follow each other, every chart says what it shows."""
    names = page.values("id")
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3")]

    assert ("html", {"lang": "en"}) in page.tags
    assert len(names) == len(set(names))
    assert levels.count(1) == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    assert {link[1:] for link in page.values("href") if link.startswith("#")} <= set(names)
    assert set(re.findall(r"url\(#([^)]+)\)", written)) <= set(names)
    charts = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(charts) > 15
    assert all(chart.get("role") == "img" and len(chart.get("aria-label") or "") > 20 for chart in charts)


def test_the_file_asks_for_nothing(written: str, page: Read) -> None:
    """It is opened from a mail on a machine without a network: no script, no font, no picture from elsewhere."""
    assert not {"script", "link", "iframe", "img", "object", "embed", "form", "image"} & {tag for tag, _ in page.tags}
    assert not [
        name for _, attributes in page.tags for name in attributes if name.startswith("on") or name in ("src", "srcset")
    ]
    assert "@import" not in written and "url(http" not in written and "&gt;" not in written.partition("</style>")[0]
    assert all(
        link.startswith(("#", "http://", "https://")) for link in page.values("href") + page.values("xlink:href")
    )
    assert "default-src 'none'" in page.values("content")[0]


def test_made_up_numbers_are_marked_on_every_sheet(written: str, state_home: StateHome) -> None:
    """A page that is cut out of the report must still say so."""
    sections = written.split('<section id="')[1:]

    assert len(sections) == len(QUESTIONS) + 1
    assert all("Sample data." in section for section in sections)
    assert "Sample data." not in write_report_of(state_home("no rows"))


def test_text_from_elsewhere_stays_text(state_home: StateHome) -> None:
    """A title of an issue or a name of a model must not become markup."""
    page = Read(write_report_of(state_home("hostile")))

    assert not {"script", "img", "image", "iframe", "b", "marquee"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not [link for link in page.values("href") if link.lower().startswith(("javascript", "data"))]
    assert "<img src=x onerror=alert(1)>" in page.said


def test_a_page_that_breaks_takes_no_other_with_it(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints the reason; the file only says which page is missing."""

    def story(page: View) -> None:
        raise KeyError("/home/somebody/secret")

    monkeypatch.setattr("dashboards.support.support.story", story)
    monkeypatch.setattr(
        content, "MENU", {"support/support": Page("Waiting", "How long?"), "choose/ask": Page("Ask", "Where?")}
    )
    stated = content.make_report(view(sample_home))
    page = report.render_html(stated)

    assert [sheet.question for sheet in stated.broken] == ["How long?"]
    assert "secret" not in page and "could not be built: KeyError" in page
    assert stated.sheets[1].parts


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
    """What was escaped for Markdown is text; HTML is text; pages are chapters, and only http and https are links."""
    line = render_line(r"**41 %** of \*\*this\*\* <b>x</b> [a](javascript:alert(1)) [b](https://example.org)")
    blocks = render_blocks("## Head\n\nwords\n\n- item")

    assert 'href="#support"' in render_line("[a page](support?x=1)")
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


def test_the_command_tells_what_it_wrote_and_nothing_else(state_home: StateHome, tmp_path: Path) -> None:
    """Paths on stdout, nothing on stderr, all files there."""
    words = ("report", "--out", "new/r.html", "--brief", "b.md", "--family", "qwen")
    done = run(state_home("no rows"), *words, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["new/r.html", "b.md"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.md", "new"]
    assert "(<new/r.html#claims>)" in (tmp_path / "b.md").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "r.docx"), "must end in .html or .pdf"),
        (("--out", "/dev/null/r.html"), "the folder cannot be made"),
        (("--out", "r.pdf"), "a PDF needs Chromium, which is not installed: write report.html and print it"),
        (("--brief", "b.pdf"), "must end in .md"),
        (("--family", "qwn"), "did you mean qwen?"),
        (("--window", "3 years"), "use one of"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is(
    words: tuple[str, ...],
    said: str,
    state_home: StateHome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line that says what to do, exit code 2, and no file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEARTBEAT_HOME", str(state_home("no rows")))
    monkeypatch.setattr(report, "BROWSERS", ())

    assert report.main(words) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, report.BROWSERS)), reason="needs Chromium")
def test_the_pdf_is_the_page_printed(
    state_home: StateHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A browser that fails is reported, and leaves no file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEARTBEAT_HOME", str(state_home("no rows")))
    assert report.main(["--out", "r.pdf"]) == 0 and Path("r.pdf").read_bytes().startswith(b"%PDF-")

    monkeypatch.setattr(report, "BROWSERS", ("false",))
    assert report.main(["--out", "other.pdf"]) == 2
    assert "could not print" in capsys.readouterr().err and not Path("other.pdf").exists()


def test_before_the_first_publish_it_says_what_to_run(tmp_path: Path) -> None:
    """The first thing a new user may try."""
    done = run(tmp_path, "report", cwd=tmp_path)

    assert done.returncode == 2
    assert "run `heartbeat up`" in done.stderr and "Traceback" not in done.stderr
