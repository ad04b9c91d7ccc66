"""Every colour of the pages, for both themes, in one place. `tests/dashboards/charts/test_marks.py` measures their
contrast."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Palette:
    """The colour tokens of one theme."""

    page: str
    hairline: str
    ink: str
    muted: str
    """Secondary text, still readable."""
    context: str
    """Marks in the background that the text does not mention."""
    open: str
    proprietary: str
    host: str
    open_wash: str
    """The ground that shades a side's best, or what is too close to its best to tell."""
    proprietary_wash: str
    open_families: tuple[str, ...]
    """Cool colours, one per family, so that a family keeps its colour on every page."""
    proprietary_families: tuple[str, ...]
    """Warm colours, one per family."""
    host_families: tuple[str, ...]
    """Greens and greys, one per host."""
    good: str
    warn: str

    def side(self, side: str) -> str:
        return {"open": self.open, "proprietary": self.proprietary}.get(side, self.host)

    def look(self, shape: str, colour: str, is_filled: bool, dash: Sequence[int] = (1, 0)) -> dict[str, Any]:
        """Returns the look of a mark as row fields: distinguished by shape and fill first, by colour second. One layer
        per look would be several times slower; `dash` is of the line of its interval."""
        return {"shape": shape, "colour": colour, "fill": colour if is_filled else self.page, "dash": list(dash)}

    def look_of(self, side: str) -> dict[str, Any]:
        return self.look(SHAPES[side], self.side(side), side == "open", STROKES[side])

    def families(self, families: Sequence[tuple[str, str]], chosen: Sequence[str]) -> dict[str, str]:
        """Assigns a colour to each chosen family, out of all (family_id, side) pairs: the same on every page, unless
        another chosen family already has it."""
        given = {"open": self.open_families, "proprietary": self.proprietary_families, "host": self.host_families}
        colours: dict[str, str] = {}
        for side, shades in given.items():
            of_side = sorted(family for family, its in families if its == side)
            for index, family in enumerate(of_side):
                if family in chosen:
                    shades_from_own = [shades[(index + shift) % len(shades)] for shift in range(len(shades))]
                    colours[family] = next(
                        (shade for shade in shades_from_own if shade not in colours.values()), shades_from_own[0]
                    )
        return colours


LIGHT = Palette(
    page="#fcfbf9",
    hairline="#dedbd4",
    ink="#191b1f",
    muted="#5a5f68",
    context="#878d96",
    open="#1263ab",
    proprietary="#b9460e",
    host="#5b6470",
    open_wash="#e6effa",
    proprietary_wash="#fcebe0",
    open_families=("#2d6be5", "#079999", "#600ad8", "#06387f", "#9684cc", "#69527f"),
    proprietary_families=("#bf3944", "#59341a", "#998e16", "#8c1550", "#b27c6b", "#665503"),
    host_families=("#386638", "#a562b2", "#818c81", "#3f393d", "#7d727f"),
    good="#1d7a46",
    warn="#8a5700",
)
DARK = Palette(
    page="#14161a",
    hairline="#343941",
    ink="#eceded",
    muted="#a4aab4",
    context="#737b86",
    open="#6db3f5",
    proprietary="#f28f5a",
    host="#a9b2bd",
    open_wash="#16293d",
    proprietary_wash="#3a2318",
    open_families=("#3e8bb2", "#79f2e8", "#bf7fff", "#a5caff", "#28726c", "#9a0cff"),
    proprietary_families=("#f27c07", "#b29a6b", "#ffd507", "#cc1e75", "#ff99bb", "#d81806"),
    host_families=("#4e7205", "#cfa2d8", "#919989", "#ebffe5", "#8c6983"),
    good="#4cc38a",
    warn="#e8b55a",
)


def name_colours(palette: Palette) -> dict[str, str]:
    """Names each colour of a theme: `ink`, `open-families-2`."""
    names = dict[str, str]()
    for name in Palette.__slots__:
        value = getattr(palette, name)
        shades = {name: value} if isinstance(value, str) else {f"{name}-{i}": shade for i, shade in enumerate(value)}
        names |= {shade: key.replace("_", "-") for key, shade in shades.items()}
    return names


NAMES = name_colours(LIGHT)
"""The name of each colour of the light theme."""
SHAPES = {"open": "circle", "proprietary": "square", "host": "triangle-up"}
SIDES = tuple(SHAPES)
"""The sides in display order."""
STROKES: dict[str, list[int]] = {"open": [1, 0], "proprietary": [4, 3], "host": [1, 3]}
FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
