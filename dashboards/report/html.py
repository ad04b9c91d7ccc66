"""The report as one self-contained HTML file: no script, no request, and every text from elsewhere escaped."""

import re
from html import escape
from itertools import groupby

from dashboards.frame import pictures
from dashboards.report.blocks import render_blocks, render_line, render_page, render_ribbon
from dashboards.report.rows import Cell, Table
from dashboards.report.sheets import Panel, ReportContent, Sheet

WIDTH = 720
"""Width of a chart in pixels; it shrinks on narrower screens."""
MOST_PRINTED = 30
"""Longer tables stay folded on paper."""


def render_document(content: ReportContent) -> str:
    """Renders the whole file."""
    title = f"Heartbeat report, {content.as_of}" + (" (sample data)" if content.is_sample else "")
    chapters = "\n".join(_render_chapter(sheet, content) for sheet in content.sheets)
    body = (
        f'<a class="skip" href="#contents">To the '
        f"contents</a>\n{_render_front(content)}\n<main>\n{chapters}\n{_render_missing(content)}\n</main>\n"
        f"<footer>{render_ribbon(content.is_sample)}<p>{escape(title)}. {escape(content.scope)}.</p></footer>"
    )
    return render_page(title, body, content.is_sample)


def _render_front(content: ReportContent) -> str:
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(fact)}</dd></div>" for name, fact in content.facts)
    groups = groupby(content.sheets, key=lambda sheet: sheet.group)
    entries = "".join(
        f"<li>{escape(group)}<ul>{''.join(map(_render_entry, sheets))}</ul></li>" for group, sheets in groups
    )
    title = "<h1>How well are people supported who build on language models?</h1>"
    missing = '<li><a href="#missing">What was not collected</a></li>'
    return (
        f'<header>{render_ribbon(content.is_sample)}<p class="kind">Heartbeat report</p>{title}<p class="answer">As of '
        f"{escape(content.as_of)}. "
        f"{escape(content.scope)}.</p><dl>{facts}</dl></header>\n"
        f'<nav id="contents" aria-label="Contents"><h2>Contents</h2><ul>{entries}{missing}</ul></nav>'
    )


def _render_entry(sheet: Sheet) -> str:
    return f'<li><a href="#{sheet.anchor}">{escape(sheet.question)}</a></li>'


def _render_chapter(sheet: Sheet, content: ReportContent) -> str:
    error_note = f'<p class="nothing">This page could not be built: {escape(sheet.error)}</p>' if sheet.error else ""
    parts = "\n".join(_render_panel(part) if isinstance(part, Panel) else render_blocks([part]) for part in sheet.parts)
    return (
        f'<section id="{sheet.anchor}" class="sheet">{render_ribbon(content.is_sample)}<p '
        f'class="kind">{escape(sheet.group)}</p>'
        f"<h2>{escape(sheet.question)}</h2><div "
        f'class="answer">{render_blocks(sheet.answer)}</div>{error_note}\n{parts}\n</section>'
    )


def _render_panel(panel: Panel) -> str:
    if panel.chart is not None:
        drawn = f'<div class="chart">{render_picture(panel)}</div>'
    elif panel.is_table:
        drawn = render_table(panel.table, panel.alt)
    else:
        drawn = f'<p class="nothing">{escape(panel.nothing)}</p>'
    return (
        f'<figure id="{panel.anchor}" aria-labelledby="{panel.anchor}-title"><h3 '
        f'id="{panel.anchor}-title">{render_line(panel.title)}</h3>'
        f'<p class="small">{render_line(panel.subtitle)}</p>{drawn}'
        f"<figcaption>{_render_footer(panel)}</figcaption></figure>"
    )


def _render_footer(panel: Panel) -> str:
    """Renders the footer of a figure: its source and gates, then folded its rows, definition and receipt."""
    parts = [f'<p class="small">{escape(panel.footer)}</p>']
    parts += [f'<p class="small">{escape(panel.gates)}</p>'] if panel.gates else []
    if panel.table.count and not panel.is_table:
        long = ' class="long"' if panel.table.count > MOST_PRINTED else ""
        parts.append(
            _render_fold(
                f"The numbers ({panel.table.count:,} rows)",
                render_table(panel.table, "The rows behind the figure above"),
                long,
            )
        )
    parts += (
        [_render_fold("What is measured", render_blocks(panel.definition), ' class="definition"')]
        if panel.definition
        else []
    )
    proof = f'<p class="small">Receipt:</p><pre>{escape(panel.receipt)}</pre>' if panel.receipt else ""
    proof += f'<p class="small">{escape(panel.others)}</p>' if panel.others else ""
    parts += [f'<div class="receipt">{proof}</div>'] if proof else []
    return "".join(parts)


def _render_fold(name: str, body: str, attributes: str = "") -> str:
    return f"<details{attributes}><summary>{escape(name)}</summary>{body}</details>"


def render_table(content: Table, name: str) -> str:
    """Renders a table with its headings; safe addresses are links."""
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in content.heads)
    rows = "".join(f"<tr>{''.join(map(_render_cell, row))}</tr>" for row in content.rows)
    more = (
        f'<p class="small">The first {len(content.rows):,} of {content.count:,} rows.</p>'
        if content.count > len(content.rows)
        else ""
    )
    return (
        f'<div class="table" role="region" tabindex="0" '
        f'aria-label="{escape(name)}"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def _render_cell(cell: Cell) -> str:
    text = escape(cell.text)
    return (
        f'<td><a href="{escape(cell.link)}" rel="noreferrer">{text or "source"}</a></td>'
        if cell.link
        else f"<td>{text}</td>"
    )


def render_picture(panel: Panel) -> str:
    """Renders the chart as inline SVG, with an accessible name and ids that are unique on the page."""
    drawn = pictures.render_chart(panel.chart or {}, WIDTH)
    # Every chart numbers its ids from the start, but they must be unique on the page.
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{panel.anchor}-\1"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{panel.anchor}-\1)", drawn)
    # One accessible name for the whole picture replaces those of its parts.
    drawn = re.sub(r' (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"', "", drawn)
    alt = escape(panel.alt)
    # Browsers show the title on hover, so the long text goes into the description.
    named = f"<title>{escape(''.join(run.text for run in panel.title))}</title><desc>{alt}</desc>"
    return re.sub(
        r"^<svg ([^>]*)>", lambda match: f'<svg role="img" aria-label="{alt}" {match[1]}>{named}', drawn, count=1
    )


def _render_missing(content: ReportContent) -> str:
    body = (
        render_table(content.missing, "What was not collected")
        if content.missing.count
        else "<p>Nothing: every collection is complete and fresh.</p>"
    )
    why = "Collections that are incomplete or late. What they would have shown is missing above."
    title = "<h2>What was not collected</h2>"
    return f'<section id="missing" class="sheet">{render_ribbon(content.is_sample)}{title}<p>{why}</p>{body}</section>'
