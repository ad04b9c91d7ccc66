"""Keeps each query in Spark's SQL, so that a diff shows what a change of a query, or of the carrying, moves there:
`python -m tests.tools.parity.carried` writes them anew."""

from pathlib import Path

from analytics.engine.models import ROOT
from analytics.spark.carrying import carry_in_pieces
from tests.tools.parity.inputs import list_models

CARRIED = Path(__file__).parents[2] / "analytics" / "spark" / "carried"


def render_carried() -> dict[str, str]:
    """Renders each query in Spark's SQL, in the pieces that a build makes it of, by the place of its file below
    `analytics/`."""
    return {model.path.relative_to(ROOT).as_posix(): _render_pieces(model.text) for model in list_models()}


def _render_pieces(text: str) -> str:
    pieces = ((f"-- {name}\n" if name else "", piece.rstrip()) for name, piece in carry_in_pieces(text, "kept__"))
    return "".join(f"{name}{piece}\n" for name, piece in pieces)


def read_carried(folder: Path = CARRIED) -> dict[str, str]:
    """Reads what is kept."""
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.sql")}


def write_carried(folder: Path = CARRIED) -> None:
    """Writes what changed, and removes what no query is carried to any more."""
    rendered, kept = render_carried(), read_carried(folder)
    for name in kept.keys() - rendered.keys():
        (folder / name).unlink()
    for name, text in rendered.items():
        if kept.get(name) != text:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_carried()
