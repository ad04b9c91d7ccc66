"""The monthly brief: what it says of known rows, and that it is silent where the gates are not passed."""

import dataclasses
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboards.evidence import board
from dashboards.frame.view import View
from dashboards.report import brief, brief_facts, brief_figures, report
from dashboards.report.brief_statements import escape_plain, quote_model
from dashboards.report.markdown import join_text, parse_line
from dashboards.report.rows import passes_gates
from dashboards.words import numbers
from tests.dashboards.report.test_report import ROW, Read, view
from tests.worlds.page_worlds import NOW
from warehouse.receipts.receipt import make_receipt
from warehouse.wording import GAP

StateHome = Callable[[str], Path]


class Rows(View):
    """A view whose rows are given."""

    def __init__(self, rows: list[dict[str, Any]], is_sample: bool = False) -> None:
        everyone = [{"family_id": name, "title": name.upper(), "side": "open"} for name in ("qwen", "glm", "phi")]
        super().__init__(SimpleNamespace(is_sample=is_sample), NOW, everyone)  # type: ignore[arg-type]
        object.__setattr__(self, "given", rows)

    def load_metric(self, name: str, kind: str, segment: str | None = None, statistics: Any = ()) -> Any:
        """The rows as they are."""
        return list(self.given)  # type: ignore[attr-defined]

    def load_rows(self, table: str, sql: str, *params: Any) -> list[dict[str, Any]]:
        """The rows of the window that is asked for, where one is."""
        return [row for row in self.given if "window" not in row or row["window"] in params or "'30d'" in sql]  # type: ignore[attr-defined]


def other(**change: Any) -> dict[str, Any]:
    """A second family's row."""
    return ROW | {"family_id": "glm"} | change


def test_who_leads_is_told_apart_only_where_the_difference_is_more_than_chance() -> None:
    """The sentence of the same values differs with their intervals."""
    ahead = brief_figures.state_most_answered(Rows([ROW | {"value": 0.8, "low": 0.7, "high": 0.9}, other()]))
    level = brief_figures.state_most_answered(Rows([ROW | {"value": 0.8, "low": 0.4, "high": 0.9}, other()]))

    assert ahead[0].text.startswith("QWEN has the largest share")
    assert ": **80" in ahead[0].text and "It differs from the only other by more than chance." in ahead[0].text
    assert level[0].text.startswith("**Too close to call.** QWEN has") and level[0].text.count("**") == 2
    assert "The data cannot tell it apart from GLM." in level[0].text
    assert f"n{GAP}={GAP}110, issue trackers, last 12 months" in ahead[0].text
    assert ahead[0].page == "waiting"


@pytest.mark.parametrize(
    ("level", "words"), [(0, "differs from all 2 others"), (1, "cannot tell it apart from 1 of the 2")]
)
def test_who_ranks_first_is_told_by_the_pooled_figure(level: int, words: str) -> None:
    """The highest of many figures is too high by luck."""
    pooled = {"rank": 1, "families_count": 3, "level_count": level, "pooled_value": 0.7, "pooled_low": 0.6}
    first = ROW | {"value": 0.8, "low": 0.7, "high": 0.9} | pooled | {"pooled_high": 0.8}
    (said,) = brief_figures.state_most_answered(Rows([first, other(pooled_value=None)]))

    assert said.text.removeprefix("**Too close to call.** ").startswith("QWEN ranks 1 of 3 by the share of questions")
    assert said.text.startswith("**Too close to call.**") == bool(level) and words in said.text
    assert f"70{GAP}% (60" in said.text and f"80{GAP}% (" not in said.text and f"n{GAP}={GAP}110" in said.text


@pytest.mark.parametrize(
    "change", [{"low": None, "high": None}, {"n": None}, {"state": "not enough data", "value": None}]
)
def test_a_statement_vanishes_where_its_gate_is_not_passed(change: dict[str, Any]) -> None:
    """Without an interval or a number of cases nothing is said, however good the value looks."""
    page = Rows([ROW | change, ROW | change | {"window": "30d"}])

    assert (
        brief_figures.state_most_answered(page)
        == brief_figures.state_fastest(page)
        == brief_figures.state_changes(page)
        == brief_figures.state_incidents(page)
        == []
    )
    assert brief_facts.state_moved_dates(page) == []


def test_a_family_without_an_interval_is_not_among_those_compared() -> None:
    """A row that fails its gate can neither lead nor be led."""
    said = brief_figures.state_most_answered(Rows([ROW, other(value=0.99, low=None, high=None)]))

    assert "QWEN" in said[0].text and "No other family passes the gates" in said[0].text


def test_a_change_is_said_only_where_the_month_differs_from_the_year() -> None:
    """Both numbers with their intervals, and that the month may still change."""
    month = ROW | {"window": "30d", "value": 0.1, "low": 0.05, "high": 0.2, "n": 40}
    apart = brief_figures.state_changes(Rows([ROW, month]))
    alike = brief_figures.state_changes(Rows([ROW, month | {"high": 0.45}]))

    assert (
        f"**10{GAP}% (5.0–20{GAP}%)** were answered within a day, n{GAP}={GAP}40, against 41{GAP}% (33–50{GAP}%)"
        in apart[0].text
    )
    assert "may still change" in apart[0].text
    assert alike[0].text == (
        "The only family with enough questions in both periods shows no difference between its last 30 days and its "
        "last 12 months in the share answered within a day."
    )
    two = brief_figures.state_changes(Rows([ROW, month | {"high": 0.45}, other(), other(window="30d")]))
    assert two[0].text.startswith("Of the 2 families with enough questions in both periods, none shows a difference ")


def test_moved_dates_are_counted_by_direction() -> None:
    """None moved is said of those that were watched."""
    still = ROW | {"window": "30d", "statistic": "later", "value": 0.0, "low": 0.0, "high": 0.0}
    page = Rows([still, still | {"family_id": "glm", "value": 2.0, "low": 2.0, "high": 2.0}])

    assert [one.text for one in brief_facts.state_moved_dates(page)] == [
        f"GLM moved **2 announced dates later**; n{GAP}={GAP}110 notices with a day."
    ]
    assert "last 30 days in the one family watched." in brief_facts.state_moved_dates(Rows([still]))[0].text


def test_models_that_end_are_listed_with_their_page_and_the_kind_of_their_date() -> None:
    """A day before which a model does not end is not a day on which it ends; a script is no page."""
    end = {"family_id": "qwen", "model": "a_b", "shutdown_on": datetime(2026, 12, 1).date(), "shutdown_kind": "exact"}
    rows = [end | {"url": "https://example.org/a"}, end | {"shutdown_kind": "not_before", "url": "javascript:alert(1)"}]
    said = brief_facts.state_ends(Rows(rows))
    made_up = brief_facts.state_ends(Rows(rows, is_sample=True))

    assert said[0].text == (
        "**QWEN: 2 models end or may end**: [`a_b`](<https://example.org/a>) 1 Dec 2026; `a_b` not before 1 Dec 2026."
    )
    assert "example.org" not in made_up[0].text, "an address of a made-up world leads nowhere"


def test_a_model_that_ends_this_month_is_listed_until_the_month_is_over() -> None:
    """A month is dated by its first day, which has passed on most days of the month."""
    end = {"family_id": "qwen", "model": "a", "shutdown_on": date(2026, 11, 1), "shutdown_kind": "month", "url": None}
    rows = [end, end | {"model": "b", "shutdown_on": date(2026, 10, 1)}, end | {"model": "c", "shutdown_kind": "exact"}]
    page = Rows(rows)
    object.__setattr__(page, "now", NOW.replace(day=10))

    assert [one.text for one in brief_facts.state_ends(page)] == ["**QWEN: 1 model ends**: `a` in November 2026."]


@pytest.mark.parametrize("name", ["a`b", "<b>x</b>", "[x](javascript:alert(1))", "a\u202eb\nc", "**x** _y_ #z", "a\\b"])
def test_a_name_from_elsewhere_is_text_without_a_backslash(name: str) -> None:
    """In both forms in which the brief names things, read back as it was written but for what nobody sees."""
    told = parse_line(f"{escape_plain(name)} ends")
    code = parse_line(f"{quote_model(name)} ends")

    assert [(run.is_bold, run.is_code, run.link) for run in told] == [(False, False, "")] * len(told)
    assert join_text(told).split() == [*name.replace("\u202e", " ").split(), "ends"]
    assert code[0].is_code and "\n" not in quote_model(name)
    assert "\\" not in escape_plain(name)


def test_a_verdict_that_changed_this_month_is_said_with_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old change is not news."""
    entry = {"verdict": "too few data", "n": None, "as_of_at": NOW.replace(tzinfo=None) - timedelta(days=200)}
    now = {"verdict": "holds", "n": 90, "as_of_at": NOW.replace(tzinfo=None) - timedelta(days=3)}
    claim = {"claim_id": "h1", "title": "Open costs less", "verdict": "holds", "history": [entry, now]}
    old = claim | {
        "title": "Old news",
        "history": [entry, now | {"as_of_at": NOW.replace(tzinfo=None) - timedelta(days=60)}],
    }
    monkeypatch.setattr(board, "load_claims", lambda snapshot: [claim, old])
    monkeypatch.setattr(board, "answer_page", lambda claims: "Of 2 claims 2 hold.")

    said = [one.text for one in brief_facts.state_verdicts(Rows([]))]
    assert said == [
        f"Open costs less: **holds**, n{GAP}={GAP}90, since 29 Oct 2026; before that too few data.",
        "Of 2 claims 2 hold.",
    ]


def test_the_brief_of_the_sample_world_is_plain_sentences_with_links_to_the_report(sample_home: Path) -> None:
    """Both forms say the same, and that the numbers are made up; nothing leads nowhere."""
    page = view(sample_home)
    told, written = brief.render_markdown(page, "my report.html"), Read(brief.render_html(page, "my report.html"))

    assert told.startswith("# Heartbeat, the month to 1 November 2026") and "**Sample data.**" in told
    assert "\\" not in told and "kind=tracker" not in told and "made-up.example" not in told
    assert max(map(len, re.findall(r"`[^`]*`", told))) < 60, "no command fills a line"
    assert "More: [Waiting](<my%20report.html#waiting>)." in told and "Sample data." in written.said
    assert {link.partition("#")[2] for link in written.values("href")} <= set(brief.FILES)
    assert all(link.startswith("my%20report.html#") for link in written.values("href"))
    assert [topic for topic in brief.make_topics(page) if topic not in written.said] == []
    assert "script" not in {tag for tag, _ in written.tags}


def test_without_a_report_the_brief_leads_to_the_public_pages_or_to_a_receipt(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each topic has a way to what is behind it; a command names its figure, and traces it."""
    page = view(sample_home)
    public, bare = brief.render_markdown(page, "", "https://h.example.org/x"), brief.render_markdown(page)
    topics = brief.make_topics(page)

    assert "More: [Outages](<https://h.example.org/x/reliability>)." in public and "Receipt" not in public
    assert public.count("](<https://h.example.org/x/") == sum(any(one.page for one in told) for told in topics.values())
    narrow = brief.render_markdown(dataclasses.replace(page, window="90d", chosen=("qwen",)), "", "http://h")
    assert "(<http://h/waiting?family=qwen&window=90d>)" in narrow
    assert "http://h/waiting?family=qwen&amp;window=90d" in brief.render_html(
        dataclasses.replace(page, window="90d", chosen=("qwen",)), "", "http://h"
    )

    commands = re.findall(r"^Receipt: `heartbeat receipt (\S+) ([^`]*)`$", bare, re.MULTILINE)
    assert "](" not in bare and [name for name, _ in commands] == ["first_response_hours", "incident_rate"]
    for name, words in commands:
        found = make_receipt(page.snapshot, name, dict(word.split("=") for word in words.split()))
        assert numbers.format_count(found.figure["n"]) in bare

    monkeypatch.setenv("HEARTBEAT_HOME", str(sample_home))
    monkeypatch.setenv("HEARTBEAT_PUBLIC_URL", "https://h.example.org/x/")
    assert report.main(["--brief", str(tmp_path / "brief.md")]) == 0
    assert (tmp_path / "brief.md").read_text(encoding="utf-8") == public


def test_the_brief_counts_incidents_as_the_page_on_outages_does(sample_home: Path) -> None:
    """The API's over the view's own window: another count under the same words would contradict the page."""
    page = view(sample_home)
    rates = page.load_metric("incident_rate", "status", "api", ("per_30d",))
    most = max(
        (row for row in rates if passes_gates(row) and row["value"] is not None),
        key=lambda row: float(row["value"] or 0),
    )
    (said,) = brief_figures.state_incidents(page)

    assert page.titles[most["family_id"]] in said.text and "last 12 months" in said.text
    assert numbers.format_value(most, "rate") in said.text


def test_where_nothing_passes_the_brief_says_so(state_home: StateHome) -> None:
    """An empty page would look like good news."""
    page = view(state_home("no rows"))

    assert "Nothing passes the gates this month" in brief.render_markdown(page)
    assert "Nothing passes the gates this month" in Read(brief.render_html(page)).said
    assert "Sample data" not in brief.render_markdown(page)


def test_names_from_elsewhere_stay_text(state_home: StateHome) -> None:
    """A model may be called like a tag."""
    page = Read(brief.render_html(view(state_home("hostile"))))

    assert not {"img", "script"} & {tag for tag, _ in page.tags}
    assert "<script>alert('title')</script>" in page.said and "![pixel](http://foreign.example/pixel.png)" in page.said
    assert all(link.startswith("http") for link in page.values("href"))
