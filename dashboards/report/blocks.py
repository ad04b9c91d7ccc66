"""Text as HTML: every character escaped, only our own tags, and the frame that forbids scripts and requests."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from dashboards.report.markdown import TextBlock, TextRun

STYLE = Path(__file__).parent / "report.css"
# A report that is passed on must not load anything from anywhere.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
SAMPLE = ("Sample data.", "Made-up numbers that show the report; they say nothing about any vendor or community.")
IN_PRINT = (
    '@page { @top-center { content: "SAMPLE DATA: made-up numbers"; font: bold 9pt sans-serif; color: #a05a00; } }\n'
)
TAGS = {"paragraph": "p", "small": "p", "item": "p", "heading": "h3", "code": "pre"}


def render_page(title: str, body: str, is_sample: bool) -> str:
    """Renders a whole file around a body that is already HTML."""
    style = STYLE.read_text(encoding="utf-8") + (IN_PRINT if is_sample else "")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" '
        'content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def render_ribbon(is_sample: bool) -> str:
    """Renders the notice of a made-up world; empty in a real one."""
    return f'<p class="ribbon"><strong>{SAMPLE[0]}</strong> {SAMPLE[1]}</p>' if is_sample else ""


def render_blocks(text_blocks: Iterable[TextBlock]) -> str:
    """Renders paragraphs and everything between them."""
    return "".join(map(_render_block, text_blocks))


def _render_block(block: TextBlock) -> str:
    tag = TAGS[block.kind]
    look = f' class="{block.kind}"' if block.kind in ("item", "small") else ""
    return f"<{tag}{look}>{render_line(block.runs)}</{tag}>"


def render_line(runs: Iterable[TextRun]) -> str:
    """Renders a line of text, with its bold parts and links."""
    return "".join(map(_render_run, runs))


def _render_run(run: TextRun) -> str:
    text = escape(run.text).replace("\n", "<br>")
    for is_so, tag in ((run.is_code, "code"), (run.is_italic, "em"), (run.is_bold, "strong")):
        text = f"<{tag}>{text}</{tag}>" if is_so else text
    return f'<a href="{escape(run.link)}" rel="noreferrer">{text}</a>' if run.link else text
