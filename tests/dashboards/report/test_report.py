"""The report: all pages in one file that needs nothing else, with what passes the gates, and without what others wrote
as markup."""

import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.story import MOST_FIGURES, Figure
from dashboards.frame.view import View
from dashboards.menu import MENU, page_address
from dashboards.report import html, pdf, report, sheets
from dashboards.report import rows as report_rows
from dashboards.report.markdown import TextRun, join_text, parse_blocks, parse_line
from dashboards.report.rows import Table
from dashboards.report.sheets import Panel, ReportContent, Sheet
from tests.worlds.page_worlds import NOW

QUESTIONS = {page_address(file): question for of_group in MENU.values() for file, question in of_group.items()}
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
        return report.view_of(families, "365d", "tracker")


@cache
def make_report_of(home: Path) -> ReportContent:
    """Makes the report of a home, once."""
    return sheets.make_report(view(home), is_full=True)


@cache
def write_report_of(home: Path) -> str:
    """Writes the report of a home as HTML, once."""
    return html.render_document(make_report_of(home))


@pytest.fixture(scope="module")
def told(sample_home: Path) -> ReportContent:
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


def panels(told: ReportContent) -> list[Panel]:
    """All figures."""
    return [part for sheet in told.sheets for part in sheet.parts + sheet.more if isinstance(part, Panel)]


def test_every_page_of_the_menu_is_told_in_its_order(told: ReportContent, written: str) -> None:
    """A page that nobody wrote a story for would be missing without a word."""
    assert [sheet.question for sheet in told.sheets] == list(QUESTIONS.values())
    assert told.untold == []
    chapters = [name for name in QUESTIONS if name != sheets.SUMMARY]
    positions = [written.index(f'<section id="{name}"') for name in chapters]
    assert positions == sorted(positions) and written.index('<header id="overview"') < positions[0]


def test_every_figure_of_a_metric_has_its_n_its_instant_its_gates_and_its_receipt(told: ReportContent) -> None:
    """A figure whose proof cannot be asked for is a claim."""
    found = [panel for panel in panels(told) if panel.gates]

    assert len(found) > 20
    for panel in found:
        assert panel.receipt.startswith("heartbeat receipt "), panel.anchor
        assert re.search(r"\d+ of \d+ values pass their gates", panel.gates), panel.anchor
        assert panel.definition and panel.alt and panel.table.count, panel.anchor
    waits = next(panel for panel in found if panel.anchor == "waiting-within")
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}" in waits.footer and "as of 1 Nov 2026" in waits.footer
    assert "just now" not in waits.footer, "a file is read later"


def test_a_receipt_of_the_report_can_be_asked_for(told: ReportContent, sample_home: Path) -> None:
    """The command that is printed must be one that answers."""
    command = next(panel.receipt for panel in panels(told) if panel.anchor == "waiting-within").split()
    done = run(sample_home, *command[1:], "--json")

    assert done.returncode == 0, done.stderr
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
    assert len(charts) > 30
    assert all(chart.get("role") == "img" and len(chart.get("aria-label") or "") > 20 for chart in charts)


def test_the_file_asks_for_nothing(written: str, page: Read) -> None:
    """It is opened from a mail on a machine without a network: no script, no font, no picture from elsewhere."""
    assert not {"script", "link", "iframe", "img", "object", "embed", "form", "image"} & {tag for tag, _ in page.tags}
    assert not [
        name for _, attributes in page.tags for name in attributes if name.startswith("on") or name in ("src", "srcset")
    ]
    assert "@import" not in written and "url(http" not in written
    assert all(
        link.startswith(("#", "http://", "https://")) for link in page.values("href") + page.values("xlink:href")
    )
    assert "default-src 'none'" in page.values("content")[0]


def test_made_up_numbers_are_marked_on_every_sheet(written: str, state_home: StateHome) -> None:
    """A page that is cut out of the report must still say so."""
    sections = written.split('<section id="')[1:]

    assert len(sections) > len(QUESTIONS), "the chapters, the rest of their figures, the proofs, and what it is"
    assert all("Sample data." in section for section in sections if not section.startswith("proofs"))
    assert "Sample data." not in write_report_of(state_home("no rows"))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext, which reads PDF files")
def test_the_pdf_holds_the_same_and_is_the_same_every_time(told: ReportContent, tmp_path: Path) -> None:
    """Its date is that of the snapshot; what cannot be read by machine cannot be cited."""
    few = replace(told, sheets=told.sheets[:3])
    first, second = (pdf.render_document(few, NOW) for _ in range(2))

    assert first.startswith(b"%PDF-") and first == second
    (tmp_path / "r.pdf").write_bytes(first)
    text = subprocess.run(["pdftotext", "r.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert all(sheet.question in text for sheet in few.sheets)
    assert text.count("SAMPLE DATA") >= text.count("\f") - 1
    assert "heartbeat receipt" in text and "What is measured" in text


def test_text_from_elsewhere_stays_text(state_home: StateHome) -> None:
    """A title of an issue or a name of a model must not become markup in any of the files."""
    told = make_report_of(state_home("hostile"))
    page = Read(write_report_of(state_home("hostile")))

    assert not {"script", "img", "image", "iframe", "b", "marquee"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not [link for link in page.values("href") if link.lower().startswith(("javascript", "data"))]
    assert "<img src=x onerror=alert(1)>" in page.said
    assert pdf.render_document(replace(told, is_sample=False, sheets=told.sheets[2:5]), NOW).startswith(b"%PDF-")


@pytest.mark.parametrize("state", ["no rows", "older version"])
def test_a_world_that_lacks_things_still_gives_a_report(state: str, state_home: StateHome) -> None:
    """It says what it lacks, and states nothing about it."""
    assert make_report_of(state_home(state)).untold == []
    assert "give no answer" in Read(write_report_of(state_home(state))).said


def test_a_page_that_breaks_takes_no_other_with_it(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason goes to whoever ran the command; the file only says which page is missing."""

    def story(page: View) -> None:
        raise KeyError("/home/somebody/secret")

    monkeypatch.setattr("dashboards.support.waiting.story", story)
    monkeypatch.setattr(
        sheets, "MENU", {"Support": {"support/waiting": "How long?", "support/depth": "How deep do answers go?"}}
    )
    told = sheets.make_report(view(sample_home))
    page = html.render_document(told)

    assert [sheet.question for sheet in told.untold] == ["How long?"]
    assert "secret" not in page and "could not be built: KeyError" in page
    assert told.sheets[1].parts


ROW: dict[str, Any] = {
    "family_id": "qwen", "side": "open", "channel_kind": "tracker", "channel_role": "all", "segment": "anyone",
    "statistic": "within_24h",
    "window": "365d", "value": 0.41, "low": 0.33, "high": 0.5, "unit": "share", "n": 110, "n_events": 60,
    "n_censored": 4,
    "coverage_share": 1.0, "as_of_at": NOW.replace(tzinfo=None), "method_version": 1, "state": "measured", "note": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "is_good"),
    [
        ({}, True),
        ({"value": None, "low": 4.0, "high": None}, True),
        ({"low": None, "high": None}, False),
        ({"n": None}, False),
        ({"state": "not enough data", "value": None}, False),
    ],
)
def test_the_gates(change: dict[str, Any], is_good: bool) -> None:
    """No statement without the number of cases and an interval."""
    assert report_rows.passes_gates(ROW | change) is is_good


def test_a_title_states_no_finding_where_no_row_passes(sample_home: Path) -> None:
    """The finding of a page's own words is not repeated when its interval is not known."""
    page = view(sample_home)
    bare = {"low": None, "high": None}
    figure = Figure(
        name="one",
        title="Qwen is best",
        subtitle="Share",
        chart=None,
        rows=[ROW | bare],
        metric="answered_share",
        source="trackers",
    )
    good = Figure(
        name="one",
        title="Qwen is best",
        subtitle="Share",
        chart=None,
        rows=[ROW | bare, ROW],
        metric="answered_share",
        source="trackers",
    )

    assert sheets.make_panel(page, "waiting", figure).title[0].text.startswith("No statement")
    assert sheets.make_panel(page, "waiting", good).title == (TextRun("Qwen is best"),)
    assert sheets.make_panel(page, "waiting", good).gates.startswith("1 of 2 values pass")


def test_a_table_says_states_as_words_and_links_only_what_may_be_followed(sample_home: Path) -> None:
    """Zero, not collected and not enough data look different; a script is no address."""
    page = view(sample_home)
    rows = [
        ROW,
        ROW | {"family_id": "gpt", "state": "not collected", "value": None},
        ROW | {"family_id": "glm", "value": 0.0, "low": 0.0},
    ]
    table = report_rows.make_table(
        page, Figure(name="one", title="", subtitle="", chart=None, rows=rows, metric="answered_share", source="")
    )
    facts = report_rows.make_table_of_any(
        [{"what": "a", "url": "javascript:alert(1)"}, {"what": "b", "url": "https://example.org/1"}]
    )

    shown = [row[1].text.replace("\N{NO-BREAK SPACE}", " ") for row in table.rows]
    assert shown == ["41 % (33–50 %)", "○ not collected", "0 % (0–50 %)"]
    assert [row[1].link for row in facts.rows] == ["", "https://example.org/1"]


def test_words_are_read_once_and_never_again_as_markup() -> None:
    """What was escaped for Markdown is text; HTML is text; only http and https are links."""
    runs = parse_line(r"**41 %** of \*\*this\*\* <b>x</b> [a](javascript:alert(1)) [b](https://example.org) `code`")

    assert runs[0] == TextRun("41 %", is_bold=True)
    assert "**this** <b>x</b> [a](javascript:alert(1)) " in "".join(run.text for run in runs)
    assert [run.link for run in runs if run.link] == ["https://example.org"]
    assert [block.kind for block in parse_blocks("## Head\n\nwords\n\n- item\n\n```\ncode\n```")] == [
        "heading",
        "paragraph",
        "item",
        "code",
    ]


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
    done = run(
        state_home("no rows"),
        "report",
        "--out",
        "new/r.html",
        "--brief",
        "b.md",
        "--badges",
        "new/badges",
        "--family",
        "qwen",
        cwd=tmp_path,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["new/r.html", "b.md", "new/badges/qwen.svg", "new/badges/badges.md"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.md", "new"]
    assert (
        "(<new/r.html#claims>)" in (tmp_path / "b.md").read_text()
        or "Nothing passes" in (tmp_path / "b.md").read_text()
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "r.docx"), "must end in .html or .pdf or .png"),
        (("--out", "r.png", "--full"), "holds the first page only"),
        (("--out", "/dev/null/r.pdf"), "the folder cannot be made"),
        (("--brief", "b.md", "--full"), "add --out"),
        (("--brief", "b.pdf"), "must end in .md or .html"),
        (("--badges", "/dev/null"), "that is a file; name a folder"),
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

    assert report.main(words) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_before_the_first_publish_it_says_what_to_run(tmp_path: Path) -> None:
    """The first thing a new user may try."""
    done = run(tmp_path, "report", cwd=tmp_path)

    assert done.returncode == 2
    assert "run `heartbeat up`" in done.stderr and "Traceback" not in done.stderr


def test_a_sheet_without_parts_and_a_long_table_are_written() -> None:
    """The smallest and the largest that can happen."""
    long = Table(("a",), ((report_rows.Cell("x"),),) * 200, 5000)
    told = ReportContent(
        False, "now", "all", (), (Sheet("one", "Group", "Why?", parse_blocks("Because.")),), long, is_full=True
    )
    page = Read(html.render_document(told))

    assert "Because." in page.said and "The first 200 of 5,000 rows." in page.said
    assert pdf.render_document(told, NOW).startswith(b"%PDF-")


def test_the_short_report_is_a_summary_and_chapters_of_four_figures(sample_home: Path) -> None:
    """The rest is in the full one only, and each chapter says how much that is."""
    short = replace(make_report_of(sample_home), is_full=False)
    page = html.render_document(short)
    front, _, chapters = page.partition('<nav id="contents"')
    answer = short.summary.answer if short.summary else ()

    assert answer and join_text(answer[0].runs) in Read(page).said
    assert all(words in front for words in ("What changed this week", "Models ending in the next 90 days", "discloses"))
    assert front.index("Models ending in the next") < front.index("<svg"), "words come first"
    assert all(sum(isinstance(part, Panel) for part in sheet.parts) <= MOST_FIGURES for sheet in short.sheets)
    assert 'class="receipt"' not in chapters and re.search(r"\d more figures?: heartbeat report --full", chapters)
    assert len(page) < len(write_report_of(sample_home)) / 2
    Read(page)


def test_the_sample_world_fits_on_less_than_thirty_pages(sample_home: Path, tmp_path: Path) -> None:
    """All families; before it was 141 pages, of which nobody reads the first."""
    short = replace(make_report_of(sample_home), is_full=False)
    written = pdf.render_document(short, NOW)

    assert count_pages(written) < 30


def count_pages(document: bytes) -> int:
    """Counts the pages of a PDF, also where its objects are packed."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    texts = [document]
    for stream in packed:
        with suppress(zlib.error):
            texts.append(zlib.decompress(stream))
    return sum(len(re.findall(rb"/Type\s*/Page\b(?!s)", text)) for text in texts)


def test_a_picture_holds_the_first_page_alone(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To be shown where nobody opens a file; it computes no other page."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(sample_home))
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    monkeypatch.setattr("dashboards.support.waiting.story", None)
    out, told = tmp_path / "r.png", tmp_path / "b.md"

    assert report.main(["--out", str(out), "--brief", str(told)]) == 0
    head = out.read_bytes()[:24]
    width, height = struct.unpack(">II", head[16:24])
    assert head.startswith(b"\x89PNG") and 1.35 < height / width < 1.45
    assert "r.png" not in told.read_text(), "a picture has no chapters to lead to"
