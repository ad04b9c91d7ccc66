"""The monthly brief: one page in plain words of what changed and what stands. What does not pass its gates is not said."""

from collections.abc import Mapping, Sequence
from html import escape

from dashboards.frame.view import View
from dashboards.report import blocks as report_text
from dashboards.report import brief_facts, brief_figures
from dashboards.report.brief_statements import Statement
from dashboards.report.markdown import blocks, line
from dashboards.words import numbers

GATED = ("The claims of the essay", "Who answers", "Incidents", "Dates that moved")
"""Topics of figures; the others are dated facts."""
NOTHING = (
    "Nothing passes the gates this month: no figure has enough cases and an interval. `heartbeat status` says what was "
    "collected, "
    "`heartbeat up` collects more."
)


def topics(page: View) -> dict[str, list[Statement]]:
    """What may be said, by topic; a topic without a statement is left empty."""
    return {
        "The claims of the essay": brief_facts.verdicts(page),
        "Who answers": [*brief_figures.most(page), *brief_figures.fastest(page), *brief_figures.moved(page)],
        "Incidents": brief_figures.incidents(page),
        "Ends of models in the next 90 days": brief_facts.ends(page),
        "Dates that moved": brief_facts.dates(page),
        "The data": brief_facts.fresh(page),
    }


def markdown(page: View) -> str:
    """The brief as Markdown."""
    told = topics(page)
    lines = [f"# {_title(page)}", _lead(page)]
    lines += (
        ["> **Sample data.** Made-up numbers; they say nothing about any vendor or community."]
        if page.snapshot.is_sample
        else []
    )
    lines += [] if any(told[topic] for topic in GATED) else [NOTHING]
    for topic, statements in told.items():
        lines += [f"## {topic}"] if statements else []
        lines += [f"- {one.text}" + (f"  \n  `{one.receipt}`" if one.receipt else "") for one in statements]
    lines += [_silent(told)] if _silent(told) else []
    return "\n\n".join(lines) + "\n"


def _silent(told: Mapping[str, Sequence[Statement]]) -> str:
    silent = [topic.lower() for topic, statements in told.items() if not statements]
    return f"Nothing to say, or nothing that passes the gates: {numbers.join_words(silent)}." if silent else ""


def _receipt(one: Statement) -> str:
    return f"<pre>{escape(one.receipt)}</pre>" if one.receipt else ""


def _title(page: View) -> str:
    return f"Heartbeat, the month to {page.snapshot.published_at.day} {page.snapshot.published_at:%B %Y}"


def _lead(page: View) -> str:
    return (
        f"{numbers.KINDS[page.kind].capitalize()}; snapshot version {page.snapshot.version}. Each figure has enough "
        "cases and a 95 % "
        "interval or is a full count, and below each sentence is the command that shows what stands behind it."
    )


def html(page: View) -> str:
    """The brief as one HTML file in the looks of the report."""
    told = topics(page)
    body = "" if any(told[topic] for topic in GATED) else report_text.blocks(blocks(NOTHING))
    for topic, statements in told.items():
        body += f"<h2>{escape(topic)}</h2>" if statements else ""
        body += "".join(f"<p>{report_text.line(line(one.text))}</p>{_receipt(one)}" for one in statements)
    body += f'<p class="small">{escape(_silent(told))}</p>' if _silent(told) else ""
    front = f"<h1>{escape(_title(page))}</h1><p>{escape(_lead(page))}</p>"
    main = f"<main class='brief'>{report_text.ribbon(page.snapshot.is_sample)}{front}{body}</main>"
    return report_text.page(_title(page), main, page.snapshot.is_sample)
