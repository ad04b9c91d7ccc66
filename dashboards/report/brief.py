"""The monthly brief: one page in plain words of what changed and what stands. Figures that fail their gates are left
out."""

from collections.abc import Mapping, Sequence
from html import escape

from dashboards.frame.origin import describe_publisher
from dashboards.frame.view import View
from dashboards.report import blocks as report_text
from dashboards.report import brief_facts, brief_figures
from dashboards.report.brief_statements import Statement
from dashboards.report.markdown import parse_blocks, parse_line
from dashboards.words import numbers

GATED = ("The claims of the essay", "Who answers", "Incidents", "Dates that moved")
"""Topics of figures; all others are dated facts."""
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
        "Ends of models in the next 90 days": brief_facts.state_ends(page),
        "Dates that moved": brief_facts.state_moved_dates(page),
        "The data": brief_facts.state_freshness(page),
    }


def render_markdown(page: View) -> str:
    """Renders the brief as Markdown."""
    statements_by_topic = make_topics(page)
    lines = [f"# {_make_title(page)}", _make_lead(page)]
    publisher = describe_publisher(page.snapshot)
    lines += [f"{numbers.escape_markdown(publisher)}."] if publisher else []
    lines += (
        ["> **Sample data.** Made-up numbers; they say nothing about any vendor or community."]
        if page.snapshot.is_sample
        else []
    )
    lines += [] if any(statements_by_topic[topic] for topic in GATED) else [NOTHING]
    for topic, statements in statements_by_topic.items():
        lines += [f"## {topic}"] if statements else []
        lines += [
            f"- {statement.text}" + (f"  \n  `{statement.receipt}`" if statement.receipt else "")
            for statement in statements
        ]
    lines += [_name_silent(statements_by_topic)] if _name_silent(statements_by_topic) else []
    return "\n\n".join(lines) + "\n"


def _name_silent(statements_by_topic: Mapping[str, Sequence[Statement]]) -> str:
    silent = [topic.lower() for topic, statements in statements_by_topic.items() if not statements]
    return f"No news, or nothing that passes the gates: {numbers.join_words(silent)}." if silent else ""


def _render_receipt(statement: Statement) -> str:
    return f"<pre>{escape(statement.receipt)}</pre>" if statement.receipt else ""


def _make_title(page: View) -> str:
    return f"Heartbeat, the month to {page.snapshot.published_at.day} {page.snapshot.published_at:%B %Y}"


def _make_lead(page: View) -> str:
    return (
        f"{numbers.KINDS[page.kind].capitalize()}; snapshot version {page.snapshot.version}. Each figure has enough "
        "cases and a 95 % interval or is a full count, and the command below each sentence shows what is behind it."
    )


def render_html(page: View) -> str:
    """Renders the brief as one HTML file in the style of the report."""
    statements_by_topic = make_topics(page)
    body = (
        "" if any(statements_by_topic[topic] for topic in GATED) else report_text.render_blocks(parse_blocks(NOTHING))
    )
    for topic, statements in statements_by_topic.items():
        body += f"<h2>{escape(topic)}</h2>" if statements else ""
        body += "".join(
            f"<p>{report_text.render_line(parse_line(statement.text))}</p>{_render_receipt(statement)}"
            for statement in statements
        )
    body += (
        f'<p class="small">{escape(_name_silent(statements_by_topic))}</p>' if _name_silent(statements_by_topic) else ""
    )
    publisher = describe_publisher(page.snapshot)
    front = f"<h1>{escape(_make_title(page))}</h1><p>{escape(_make_lead(page))}</p>"
    front += f"<p>{escape(publisher)}.</p>" if publisher else ""
    main = f"<main class='brief'>{report_text.render_ribbon(page.snapshot.is_sample)}{front}{body}</main>"
    return report_text.render_page(_make_title(page), main, page.snapshot.is_sample)
