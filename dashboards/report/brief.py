"""The monthly brief: one page in plain words of what changed and what stands. Figures that fail their gates are left
out."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote, urlencode

from dashboards.frame import snapshot_reader
from dashboards.frame.origin import describe_publisher
from dashboards.frame.view import View
from dashboards.menu import MENU, name_page, page_address
from dashboards.report import blocks as report_text
from dashboards.report import brief_facts, brief_figures
from dashboards.report.brief_statements import Statement, escape_plain
from dashboards.report.markdown import parse_blocks
from dashboards.words import numbers

GATED = ("The claims of the essay", "Who answers", "Incidents", "Dates that moved")
"""Topics of figures; all others are dated facts."""
FILES = {page_address(file): file for of_place in MENU.values() for file in of_place}
NOTHING = (
    "Nothing passes the gates this month: no figure has enough cases and an interval. `heartbeat status` shows what "
    "was collected, `heartbeat up` collects more."
)


def make_topics(page: View) -> dict[str, list[Statement]]:
    """Makes the statements by topic; a topic may be empty."""
    return {
        "The claims of the essay": brief_facts.state_verdicts(page),
        "Who answers": [
            *brief_figures.state_most_answered(page),
            *brief_figures.state_fastest(page),
            *brief_figures.state_changes(page),
        ],
        "Incidents": brief_figures.state_incidents(page),
        f"Models ending in the next {brief_facts.DAYS_AHEAD} days": brief_facts.state_ends(page),
        "Dates that moved": brief_facts.state_moved_dates(page),
        "The data": brief_facts.state_freshness(page),
    }


def render_markdown(page: View, report_name: str = "", address: str = "") -> str:
    """Renders the brief as Markdown. Statements link to the chapters of the report that is written beside it, else to
    the pages of the dashboard at its public address; without either a command leads on."""
    statements_by_topic = make_topics(page)
    lines = [f"# {_make_title(page)}", _make_lead(page)]
    publisher = describe_publisher(page.snapshot)
    lines += [f"{escape_plain(publisher)}."] if publisher else []
    lines += (
        ["> **Sample data.** Made-up numbers; they say nothing about any vendor or community."]
        if page.snapshot.is_sample
        else []
    )
    lines += [] if any(statements_by_topic[topic] for topic in GATED) else [NOTHING]
    for topic, statements in statements_by_topic.items():
        lines += [f"## {topic}"] if statements else []
        lines += [f"- {statement.text}" for statement in statements]
        lines += _lead_on(page, statements, report_name, address)
    silent = _name_silent(statements_by_topic)
    return "\n\n".join([*lines, *([silent] if silent else []), _say_more(report_name, address)]) + "\n"


def _lead_on(page: View, statements: Sequence[Statement], report_name: str, address: str) -> list[str]:
    """Links to the chapters or pages behind statements; where there is nothing to link to, gives the command that
    traces the first of their figures."""
    if not (report_name or address):
        commands = [statement.receipt for statement in statements if statement.receipt]
        return [f"Receipt: `{commands[0]}`"] if commands else []
    names = dict.fromkeys(statement.page for statement in statements if statement.page)
    links = [
        f"[{name_page(FILES[name])}](<"
        f"{_link_chapter(report_name, name) if report_name else _link_page(page, address, name)}>)"
        for name in names
    ]
    return [f"More: {numbers.join_words(links)}."] if links else []


def _link_chapter(report_name: str, name: str) -> str:
    # Only HTML has a name for each chapter.
    return f"{quote(report_name)}{f'#{name}' if report_name.endswith('.html') else ''}"


def _link_page(page: View, address: str, name: str) -> str:
    """Returns the address of a page of the dashboard, with what was chosen for the brief."""
    usual = View(page.snapshot, page.now, page.everyone, kind=snapshot_reader.find_usual_kind(page.snapshot))
    chosen = [("family", family) for family in page.chosen]
    chosen += [(key, getattr(page, key)) for key in ("window", "kind") if getattr(page, key) != getattr(usual, key)]
    return f"{address}/{name}{'?' if chosen else ''}{urlencode(chosen)}"


def _say_more(report_name: str, address: str) -> str:
    where = (
        "the linked chapter of the report"
        if report_name
        else "the linked page"
        if address
        else "`heartbeat report` and the dashboard"
    )
    return f"What is behind each sentence is in {where}; `heartbeat receipt` traces a figure to its cases."


def _name_silent(statements_by_topic: Mapping[str, Sequence[Statement]]) -> str:
    silent = [topic.lower() for topic, statements in statements_by_topic.items() if not statements]
    return f"No news, or nothing that passes the gates: {numbers.join_words(silent)}." if silent else ""


def _make_title(page: View) -> str:
    return f"Heartbeat, the month to {page.snapshot.published_at.day} {page.snapshot.published_at:%B %Y}"


def _make_lead(page: View) -> str:
    return (
        f"{numbers.KINDS[page.kind].capitalize()}; snapshot version {page.snapshot.version}. Each figure has enough "
        "cases and a 95 % interval, or is a full count."
    )


def render_html(page: View, report_name: str = "", address: str = "") -> str:
    """Renders the same as one HTML file in the style of the report."""
    title, *text = render_markdown(page, report_name, address).split("\n\n")
    # The ribbon of made-up data has a look of its own.
    blocks = parse_blocks("\n\n".join(line for line in text if not line.startswith("> ")))
    front = f"{report_text.render_ribbon(page.snapshot.is_sample)}<h1>{escape(title.removeprefix('# '))}</h1>"
    body = report_text.render_blocks(blocks).replace("<h3>", "<h2>").replace("</h3>", "</h2>")
    return report_text.render_page(
        _make_title(page), f"<main class='brief'>{front}{body}</main>", page.snapshot.is_sample
    )
