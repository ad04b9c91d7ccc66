"""The report as one self-contained HTML file: no script, no request, and every text from elsewhere escaped."""

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby

from dashboards.frame import pictures
from dashboards.report.blocks import render_blocks, render_line, render_page, render_ribbon
from dashboards.report.markdown import TextBlock, join_text
from dashboards.report.rows import Cell, Table, shorten_table
from dashboards.report.sheets import SUMMARY, Panel, ReportContent, Sheet, describe_rest
from warehouse.wording import count_things

WIDTH = 720
"""Width of a chart in pixels; it shrinks on narrower screens."""
MOST_PRINTED = 30
"""Longer tables stay folded on paper."""
TITLE = "How well are people who build on language models supported?"
"""The title of a report without a first page."""
PROOFS = (
    "<h2>Proofs</h2><p>For each figure: how many values pass their gates, the command that traces the first to its "
    "cases, what is measured, and the numbers.</p>"
)
MISSING = "Collections that are incomplete or late. What they would have shown is missing above."
CHECK = (
    "A report made with heartbeat report --full has every figure, every number, each definition, and the command that "
    "traces a figure to its cases."
)
LONG_FRACTION = re.compile(r"(\d\.\d\d)\d+")
"""Coordinates finer than a hundredth of a pixel."""


def render_document(content: ReportContent) -> str:
    """Renders the whole file: a page of summary, the chapters, and what was not collected; all else only in full."""
    title = f"Heartbeat report, {content.as_of}" + (" (sample data)" if content.is_sample else "")
    chapters = "\n".join(_render_chapter(sheet, content) for sheet in content.chapters)
    appendix = "".join(map(_render_panel_proof, list_panels(content))) if content.is_full else ""
    appendix = f'<section id="proofs" class="sheet">{PROOFS}{appendix}</section>' if appendix else ""
    body = (
        f'<a class="skip" href="#contents">To the contents</a>\n{_render_front(content)}\n<main>\n{chapters}\n'
        f"{_render_more(content)}{appendix}\n{_render_about(content)}\n</main>\n"
        f"<footer>{render_ribbon(content.is_sample)}<p>{escape(title)}. {escape(content.scope)}.</p></footer>"
    )
    return render_page(title, body, content.is_sample)


def list_panels(content: ReportContent) -> list[Panel]:
    """Lists the figures that the file shows."""
    parts = [part for sheet in content.sheets for part in (sheet.parts + sheet.more * content.is_full)]
    return [part for part in parts if isinstance(part, Panel)]


def _render_front(content: ReportContent) -> str:
    groups = groupby(content.chapters, key=lambda sheet: sheet.group)
    entries = "".join(
        f"<li>{escape(group)}<ul>{''.join(map(_render_entry, sheets))}</ul></li>" for group, sheets in groups
    )
    summary = content.summary
    title = summary.question if summary else TITLE
    # Under the title of the file a section is one level higher than in a chapter.
    told = _render_told(summary, content).replace("<h3", "<h2").replace("</h3", "</h2") if summary else ""
    more = '<li><a href="#proofs">Proofs</a></li>' if content.is_full else ""
    return (
        f'<header id="{SUMMARY}">{render_ribbon(content.is_sample)}<p class="kind">Heartbeat report, as of '
        f"{escape(content.as_of)}. {escape(content.scope)}.</p><h1>{escape(title)}</h1>{told}</header>\n"
        f'<nav id="contents" aria-label="Contents"><h2>Contents</h2><ul>{entries}{more}'
        '<li><a href="#about">About this report</a></li></ul></nav>'
    )


def _render_entry(sheet: Sheet) -> str:
    return f'<li><a href="#{sheet.anchor}">{escape(sheet.question)}</a></li>'


def _render_chapter(sheet: Sheet, content: ReportContent) -> str:
    return (
        f'<section id="{sheet.anchor}" class="sheet">{render_ribbon(content.is_sample)}<p '
        f'class="kind">{escape(sheet.group)}</p><h2>{escape(sheet.question)}</h2>{_render_told(sheet, content)}'
        f"{_count_rest(sheet, content)}\n</section>"
    )


def _render_told(sheet: Sheet, content: ReportContent) -> str:
    error_note = f'<p class="nothing">This page could not be built: {escape(sheet.error)}</p>' if sheet.error else ""
    return f'<div class="answer">{render_blocks(sheet.answer)}</div>{error_note}\n{_render_parts(sheet.parts, content)}'


def _render_parts(parts: Iterable[Panel | TextBlock], content: ReportContent) -> str:
    return "\n".join(
        _render_panel(part, content) if isinstance(part, Panel) else render_blocks([part]) for part in parts
    )


def _count_rest(sheet: Sheet, content: ReportContent) -> str:
    """Says what the chapter leaves out, and where it is."""
    rest = describe_rest(sheet)
    if not rest or content.is_full:
        return ""
    return f'<p class="small">{escape(rest)}</p>'


def _render_more(content: ReportContent) -> str:
    """Renders the figures that do not fit into the chapters."""
    if not content.is_full:
        return ""
    return "".join(
        f'<section id="more-{sheet.anchor}" class="sheet">{render_ribbon(content.is_sample)}<p class="kind">More '
        f"figures</p><h2>{escape(sheet.question)}</h2>{_render_parts(sheet.more, content)}</section>"
        for sheet in content.sheets
        if sheet.more
    )


def _render_panel(panel: Panel, content: ReportContent) -> str:
    table = panel.table if content.is_full else shorten_table(panel.table)
    if panel.chart is not None:
        drawn = f'<div class="chart">{render_picture(panel)}</div>'
    elif panel.is_table:
        drawn = render_table(table, panel.alt)
    else:
        drawn = f'<p class="nothing">{escape(panel.nothing)}</p>'
    proof = f' · <a href="#{panel.anchor}-proof">Proof</a>' if content.is_full else ""
    return (
        f'<figure id="{panel.anchor}" aria-labelledby="{panel.anchor}-title"><h3 '
        f'id="{panel.anchor}-title">{render_line(panel.title)}</h3>'
        f'<p class="small">{render_line(panel.subtitle)}</p>{drawn}'
        f'<figcaption class="small">{escape(panel.footer)}{proof}</figcaption></figure>'
    )


def _render_panel_proof(panel: Panel) -> str:
    """Renders what proves a figure: its gates and receipt, then folded its definition and rows."""
    parts = [f'<p class="small">{escape(panel.gates)}</p>'] if panel.gates else []
    parts += [f"<pre>{escape(panel.receipt)}</pre>"] if panel.receipt else []
    parts += [f'<p class="small">{escape(panel.others)}</p>'] if panel.others else []
    if panel.definition:
        parts.append(_render_fold("What is measured", render_blocks(panel.definition), ' class="definition"'))
    if panel.table.count and not panel.is_table:
        long = ' class="long"' if panel.table.count > MOST_PRINTED else ""
        rows = render_table(panel.table, "The rows behind the figure above")
        parts.append(_render_fold(f"The numbers ({count_things(panel.table.count, 'row')})", rows, long))
    title = f'<a href="#{panel.anchor}">{escape(join_text(panel.title))}</a>'
    return f'<div class="receipt" id="{panel.anchor}-proof"><h3>{title}</h3>{"".join(parts)}</div>'


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
    drawn = LONG_FRACTION.sub(r"\1", drawn)
    # Browsers show the title on hover, so the long text is the name.
    named = f"<title>{escape(join_text(panel.title))}</title>"
    alt = escape(panel.alt)
    return re.sub(
        r"^<svg ([^>]*)>", lambda match: f'<svg role="img" aria-label="{alt}" {match[1]}>{named}', drawn, count=1
    )


def _render_about(content: ReportContent) -> str:
    """Renders what a reader needs to reproduce the numbers, and what was not collected."""
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(fact)}</dd></div>" for name, fact in content.facts)
    missing = content.missing if content.is_full else shorten_table(content.missing)
    body = (
        f"<p>{MISSING}</p>{render_table(missing, 'What was not collected')}"
        if content.missing.count
        else "<p>Nothing: every collection is complete and fresh.</p>"
    )
    check = "" if content.is_full else f"<p>{escape(CHECK)}</p>"
    return (
        f'<section id="about" class="sheet">{render_ribbon(content.is_sample)}<h2>About this report</h2>'
        f"<dl>{facts}</dl>{check}<h3>What was not collected</h3>{body}</section>"
    )
