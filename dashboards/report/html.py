"""The report as one HTML file that needs nothing else: no script, no request, every word from elsewhere escaped."""

import re
from html import escape
from itertools import groupby

from dashboards.frame import pictures
from dashboards.report.blocks import blocks, line, page, ribbon
from dashboards.report.rows import Cell, Table
from dashboards.report.sheets import Panel, Report, Sheet

WIDTH = 720
"""Pixels of a chart; it shrinks where there is less room."""
MOST_PRINTED = 30
"""Longer tables stay folded on paper."""


def document(told: Report) -> str:
    """The whole file."""
    title = f"Heartbeat report, {told.as_of}" + (" (sample data)" if told.is_sample else "")
    chapters = "\n".join(_chapter(sheet, told) for sheet in told.sheets)
    body = (
        f'<a class="skip" href="#contents">To the contents</a>\n{_front(told)}\n<main>\n{chapters}\n{_missing(told)}\n</main>\n'
        f"<footer>{ribbon(told.is_sample)}<p>{escape(title)}. {escape(told.scope)}.</p></footer>"
    )
    return page(title, body, told.is_sample)


def _front(told: Report) -> str:
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(said)}</dd></div>" for name, said in told.facts)
    groups = groupby(told.sheets, key=lambda sheet: sheet.group)
    entries = "".join(f"<li>{escape(group)}<ul>{''.join(map(_entry, sheets))}</ul></li>" for group, sheets in groups)
    title = "<h1>How well are people supported who build on language models?</h1>"
    missing = '<li><a href="#missing">What was not collected</a></li>'
    return (
        f'<header>{ribbon(told.is_sample)}<p class="kind">Heartbeat report</p>{title}<p class="answer">As of {escape(told.as_of)}. '
        f"{escape(told.scope)}.</p><dl>{facts}</dl></header>\n"
        f'<nav id="contents" aria-label="Contents"><h2>Contents</h2><ul>{entries}{missing}</ul></nav>'
    )


def _entry(sheet: Sheet) -> str:
    return f'<li><a href="#{sheet.anchor}">{escape(sheet.question)}</a></li>'


def _chapter(sheet: Sheet, told: Report) -> str:
    said = f'<p class="nothing">This page could not be told: {escape(sheet.error)}</p>' if sheet.error else ""
    parts = "\n".join(_panel(part) if isinstance(part, Panel) else blocks([part]) for part in sheet.parts)
    return (
        f'<section id="{sheet.anchor}" class="sheet">{ribbon(told.is_sample)}<p class="kind">{escape(sheet.group)}</p>'
        f'<h2>{escape(sheet.question)}</h2><div class="answer">{blocks(sheet.answer)}</div>{said}\n{parts}\n</section>'
    )


def _panel(panel: Panel) -> str:
    if panel.chart is not None:
        drawn = f'<div class="chart">{picture(panel)}</div>'
    elif panel.is_table:
        drawn = table(panel.table, panel.alt)
    else:
        drawn = f'<p class="nothing">{escape(panel.nothing)}</p>'
    return (
        f'<figure id="{panel.anchor}" aria-labelledby="{panel.anchor}-title"><h3 id="{panel.anchor}-title">{line(panel.title)}</h3>'
        f'<p class="small">{line(panel.subtitle)}</p>{drawn}<figcaption>{_beside(panel)}</figcaption></figure>'
    )


def _beside(panel: Panel) -> str:
    """What stands below a figure: its source and gates, then folded its rows, its definition and its receipt."""
    parts = [f'<p class="small">{escape(panel.footer)}</p>']
    parts += [f'<p class="small">{escape(panel.gates)}</p>'] if panel.gates else []
    if panel.table.count and not panel.is_table:
        long = ' class="long"' if panel.table.count > MOST_PRINTED else ""
        parts.append(
            _fold(
                f"The numbers ({panel.table.count:,} rows)",
                table(panel.table, "The rows behind the figure above"),
                long,
            )
        )
    parts += [_fold("What is measured", blocks(panel.definition), ' class="definition"')] if panel.definition else []
    proof = f'<p class="small">Receipt:</p><pre>{escape(panel.receipt)}</pre>' if panel.receipt else ""
    proof += f'<p class="small">{escape(panel.others)}</p>' if panel.others else ""
    parts += [f'<div class="receipt">{proof}</div>'] if proof else []
    return "".join(parts)


def _fold(name: str, body: str, attributes: str = "") -> str:
    return f"<details{attributes}><summary>{escape(name)}</summary>{body}</details>"


def table(shown: Table, name: str) -> str:
    """A table with its heads; what may be followed is a link."""
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in shown.heads)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in shown.rows)
    more = (
        f'<p class="small">The first {len(shown.rows):,} of {shown.count:,} rows.</p>'
        if shown.count > len(shown.rows)
        else ""
    )
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{escape(name)}"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def _cell(cell: Cell) -> str:
    text = escape(cell.text)
    return (
        f'<td><a href="{escape(cell.link)}" rel="noreferrer">{text or "source"}</a></td>'
        if cell.link
        else f"<td>{text}</td>"
    )


def picture(panel: Panel) -> str:
    """The chart as SVG inside the page: named for those who do not see it, its inner names unlike those of every other chart."""
    drawn = pictures.render_chart(panel.chart or {}, WIDTH)
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{panel.anchor}-\1"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{panel.anchor}-\1)", drawn)
    drawn = re.sub(r' (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"', "", drawn)
    alt = escape(panel.alt)
    # The title is what a screen reader says first; hovering shows it, too, so it must not be the long text.
    named = f"<title>{escape(''.join(run.text for run in panel.title))}</title><desc>{alt}</desc>"
    return re.sub(
        r"^<svg ([^>]*)>", lambda found: f'<svg role="img" aria-label="{alt}" {found[1]}>{named}', drawn, count=1
    )


def _missing(told: Report) -> str:
    body = (
        table(told.missing, "What was not collected")
        if told.missing.count
        else "<p>Nothing: every collection is complete and fresh.</p>"
    )
    why = "Collections that are not complete, or late. What they would have shown is missing above."
    title = "<h2>What was not collected</h2>"
    return f'<section id="missing" class="sheet">{ribbon(told.is_sample)}{title}<p>{why}</p>{body}</section>'
