"""A badge for a README: in how many of a hundred threads of a family somebody answers within a week."""

from html import escape

from dashboards.frame.view import View
from dashboards.words import numbers

LETTER_PX, ROOM_PX = 6.6, 14
"""Mean width of a letter at 11 px, and the room around a text."""


def render_badge(page: View, family: str) -> str:
    """Renders the badge of a family as SVG."""
    rows = page.load_metric("answered_share", page.kind, "anyone", ["within_7d"])
    row = next((row for row in rows if row["family_id"] == family), None)
    if row and row["state"] == "measured":
        said = f"{numbers.format_share(row['value'])} answered in 7 days"
    else:
        said = row["state"] if row else "not collected"
    label = page.titles[family] + (" (sample)" if page.snapshot.is_sample else "")
    return _draw_badge(label, said)


def _draw_badge(label: str, said: str) -> str:
    left, right = (round(len(text) * LETTER_PX) + ROOM_PX for text in (label, said))
    name, words = escape(label), escape(said)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{name}: {words}"><rect width="{left}" height="20" fill="#191b1f"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="#1263ab"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2}" y="14">{name}</text><text x="{left + right / 2}" y="14">{words}</text></g></svg>\n'
    )
