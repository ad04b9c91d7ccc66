"""A badge per family: the share of questions that a person answers within a day, with its interval and number of
cases."""

from collections.abc import Mapping
from html import escape

from dashboards.charts.colours import LIGHT
from dashboards.frame import receipts
from dashboards.frame.origin import describe_publisher
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.report.rows import passes_gates
from dashboards.report.sheets import make_anchor
from dashboards.words import numbers
from warehouse.receipts.receipt import KEYS
from warehouse.wording import GAP

METRIC, STATISTIC = "answered_share", "within_24h"
INDEX = "badges.md"
HEIGHT, PAD, MARK = 20, 6, 12
SIZE = 11
"""Font size in pixels."""
NARROW, WIDE = "fijlrtI.,:;|!'()[] ", "mwMW%@—"
FEW = "not enough data"
MARKS = {
    "open": '<circle cx="{x}" cy="10" r="4.5" fill="{ink}"/>',
    "proprietary": '<rect x="{left}" y="5.75" width="8.5" height="8.5" fill="none" stroke="{ink}" stroke-width="2"/>',
    "host": '<path d="M{x} 5.5l4.5 8.5h-9z" fill="none" stroke="{ink}" stroke-width="1.5"/>',
}
"""The side as a shape, readable without colour."""
INK, PAPER = "#ffffff", LIGHT.ink


def make_badges(page: View) -> dict[str, str]:
    """Makes the badges by file name, and the page that shows how to embed each."""
    rows = {row["family_id"]: row for row in page.load_metric(METRIC, page.kind, "anyone", (STATISTIC,))}
    made = {
        f"{make_anchor(family['family_id'])}.svg": render_badge(family, rows.get(family["family_id"]), page)
        for family in page.families
    }
    return made | {INDEX: make_index(page, rows)}


def format_badge(row: Row | None) -> str:
    """Formats a family's figure if it passes its gates, else the reason why there is none."""
    if row is None:
        return "not measured"
    if row["state"] != "measured":
        return str(row["state"])
    # The sign of percent once: a badge stands in a row of others.
    return f"{numbers.format_value(row, 'share')} in a day".replace(f"{GAP}%)", ")") if passes_gates(row) else FEW


def describe_badge(row: Row | None) -> str:
    """Describes the same in full, for the name of the badge."""
    said = format_badge(row)
    is_value = row is not None and row["state"] == "measured" and passes_gates(row)
    return f"{said}: the share of questions that a person answers, n = {row['n']:,}" if is_value and row else said


def render_badge(family: Row, row: Row | None, page: View) -> str:
    """Renders a badge: mark and name on dark, the figure on light, and a third part in a made-up world."""
    parts = [(str(family["title"]), PAPER, INK), (format_badge(row), LIGHT.panel, LIGHT.ink)]
    parts += [("sample", LIGHT.warn, INK)] if page.snapshot.is_sample else []
    x, drawn = 0.0, ""
    for number, (text, paper, ink) in enumerate(parts):
        lead = MARK + PAD if number == 0 else 0
        width = measure_text(text) + 2 * PAD + lead
        drawn += f'<rect x="{x:g}" width="{width:g}" height="{HEIGHT}" fill="{paper}"/>'
        drawn += MARKS[family["side"]].format(x=PAD + 6, left=PAD + 1.75, ink=ink) if number == 0 else ""
        length = f'textLength="{measure_text(text):g}"'
        drawn += f'<text x="{x + PAD + lead:g}" y="14" {length} fill="{ink}">{escape(text)}</text>'
        x += width
    return _frame_drawing(drawn, x, *_name_badge(family, row, page))


def _frame_drawing(drawn: str, width: float, title: str, description: str) -> str:
    """Wraps drawings in a frame with round corners, named for readers who do not see them."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{HEIGHT}" viewBox="0 0 {width:g} {HEIGHT}" '
        f'role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        f'<clipPath id="r"><rect width="{width:g}" height="{HEIGHT}" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)" font-family="system-ui, \'Liberation Sans\', Arial, sans-serif" '
        f'font-size="{SIZE}">{drawn}</g>'
        f'<rect x=".5" y=".5" width="{width - 1:g}" height="{HEIGHT - 1}" rx="3.5" fill="none" '
        f'stroke="{PAPER}"/></svg>\n'
    )


def _name_badge(family: Row, row: Row | None, page: View) -> tuple[str, str]:
    """Returns the name of a badge, and everything that it leaves out."""
    sample = " (sample data)" if page.snapshot.is_sample else ""
    where = f"{numbers.KINDS[page.kind]}, {numbers.format_window(row['window'] if row else page.window)}"
    return (
        f"{family['title']} ({family['side']}): {describe_badge(row)}{sample}",
        f"Share of questions that a person answered within 24 hours, with its 95 % interval; {where}; as of "
        f"{numbers.format_instant(row['as_of_at'] if row and row['as_of_at'] else page.snapshot.published_at)}.",
    )


def measure_text(text: str) -> float:
    """Estimates the width of a text in pixels; the badge states it, so that any reader's font fills exactly this
    width."""
    widths = (
        0.31 if letter in NARROW else 0.89 if letter in WIDE else 1.0 if ord(letter) > 0x2E7F else 0.57
        for letter in text
    )
    return round(sum(widths) * SIZE, 1)


def make_index(page: View, rows: Mapping[str, Row]) -> str:
    """Makes the page with every badge, the line that embeds it and the command that proves it."""
    sample = "**Sample data:** these numbers are made up.\n\n" if page.snapshot.is_sample else ""
    publisher = describe_publisher(page.snapshot)
    sample += f"{numbers.escape_markdown(publisher)}.\n\n" if publisher else ""
    entries = [_make_entry(family, rows.get(family["family_id"])) for family in page.families]
    return (
        f"# Badges\n\nSnapshot version {page.snapshot.version}, {numbers.format_instant(page.snapshot.published_at)}. "
        "Circle: "
        "open; square: "
        f"proprietary; triangle: host.\n\n{sample}" + "\n".join(entries)
    )


def _make_entry(family: Row, row: Row | None) -> str:
    name = numbers.escape_markdown(f"{family['title']}: {describe_badge(row)}")
    line = f"![{name}]({make_anchor(family['family_id'])}.svg)"
    receipt = (
        receipts.format_command(METRIC, {word: str(row[column]) for word, column in KEYS.items()})
        if row
        else "heartbeat metrics"
    )
    return (
        f"## {numbers.escape_markdown(family['title'])}\n\n{line}\n\n```markdown\n{line}\n```\n\n```\n{receipt}\n```\n"
    )
