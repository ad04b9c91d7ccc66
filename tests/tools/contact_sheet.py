"""One picture of many: a row for each page and a column for each look, to see at a glance what stands out."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

CELL_PX, TALLEST_PX, GAP_PX, HEAD_PX = 320, 460, 12, 20
"""Width of a page in the sheet, the most that is shown of its height, and the room around it, in pixels."""
GROUND, INK = "#8a8f98", "#101317"


def draw_sheet(pictures: Sequence[Sequence[Path]], target: Path) -> None:
    """Draws the top of every picture under its name; a row that lacks pictures stays shorter."""
    across = max(map(len, pictures))
    size = (GAP_PX + across * (CELL_PX + GAP_PX), GAP_PX + len(pictures) * (HEAD_PX + TALLEST_PX + GAP_PX))
    sheet = Image.new("RGB", size, GROUND)
    pen = ImageDraw.Draw(sheet)
    for row, paths in enumerate(pictures):
        for column, path in enumerate(paths):
            left, top = GAP_PX + column * (CELL_PX + GAP_PX), GAP_PX + row * (HEAD_PX + TALLEST_PX + GAP_PX)
            pen.text((left, top + 4), path.stem, fill=INK)
            sheet.paste(_read_top(path), (left, top + HEAD_PX))
    sheet.save(target, optimize=True)


def _read_top(path: Path) -> Image.Image:
    with Image.open(path) as whole:
        shown = whole.convert("RGB")
    shown = shown.resize((CELL_PX, max(1, round(shown.height * CELL_PX / shown.width))), Image.Resampling.LANCZOS)
    return shown.crop((0, 0, CELL_PX, min(TALLEST_PX, shown.height)))
