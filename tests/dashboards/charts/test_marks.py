"""Colours that everybody can tell apart, on both themes; scales and words that keep to their rules."""

import itertools
import math
import re
import tomllib
from typing import Any

import pytest

from dashboards.charts import axes
from dashboards.charts import marks as charts
from dashboards.charts.colours import DARK, FONT, LIGHT, SHAPES, STROKES, Palette
from dashboards.metric_row import Row
from dashboards.support import curves
from tests.paths import ROOT
from warehouse.wording import GAP

THEMES = {"light": LIGHT, "dark": DARK}
CONFIG = ROOT / "dashboards" / ".streamlit" / "config.toml"
Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]
# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear light.
SIGHTS: dict[str, Matrix] = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
FAR = 10.0
"""Least colour difference (CIEDE2000) of two families, with any sight; about ten times what can just be seen side by
side."""
APART = 18.0
"""Least difference of two families for those who see all colours."""
BESIDE = 6.0
"""Least difference of a host from a family of another side, which has another shape and another stroke as well."""


def times(matrix: Matrix, vector: Vector) -> Vector:
    a, b, c = (sum(cell * part for cell, part in zip(row, vector, strict=True)) for row in matrix)
    return a, b, c


def light_of(colour: str) -> Vector:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as the Web Content Accessibility Guidelines define it."""
    first, second = sorted((times(TO_XYZ, light_of(colour))[1] for colour in (one, other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def lab(colour: str, sight: Matrix) -> Vector:
    seen = times(sight, light_of(colour))
    xyz = times(TO_XYZ, (min(1, max(0, seen[0])), min(1, max(0, seen[1])), min(1, max(0, seen[2]))))
    white = times(TO_XYZ, (1, 1, 1))
    x, y, z = (
        math.cbrt(part / full) if part / full > 216 / 24389 else (24389 / 27 * part / full + 16) / 116
        for part, full in zip(xyz, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: Vector, other: Vector) -> float:
    """CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1 + 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1 * stretch)) % 360, math.degrees(math.atan2(b2, a2 * stretch)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.2 * _cos(4 * hue - 63)
    sl, sc, sh = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2), 1 + 0.045 * cm, 1 + 0.015 * cm * t
    twist = -2 * math.sqrt(cm**7 / (cm**7 + 25**7)) * math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + twist * dc / sc * dh / sh)


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_our_colour_difference_gives_the_published_values(one: Vector, other: Vector, published: float) -> None:
    """Sharma, Wu and Dalal's test data: the ruler is checked before anything is measured with it."""
    assert difference(one, other) == pytest.approx(published, abs=1e-4)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_families_can_be_told_apart_with_any_sight(theme: str, sight: str) -> None:
    """One reader in twelve men does not see red and green apart."""
    tone = THEMES[theme]
    families = [*tone.open_families, *tone.proprietary_families]
    least = APART if sight == "full" else FAR
    for one, other in itertools.combinations(families, 2):
        assert difference(lab(one, SIGHTS[sight]), lab(other, SIGHTS[sight])) >= least, (one, other)
    for one, other in itertools.combinations(tone.host_families, 2):
        assert difference(lab(one, SIGHTS[sight]), lab(other, SIGHTS[sight])) >= FAR, (one, other)
    for one, other in itertools.product(tone.host_families, families):
        assert difference(lab(one, SIGHTS[sight]), lab(other, SIGHTS[sight])) >= BESIDE, (one, other)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_two_sides_can_be_told_apart_with_any_sight(theme: str, sight: str) -> None:
    """Shape comes first, but hue must not mislead."""
    tone = THEMES[theme]
    assert difference(lab(tone.open, SIGHTS[sight]), lab(tone.proprietary, SIGHTS[sight])) >= 2 * FAR


@pytest.mark.parametrize("theme", THEMES)
def test_marks_and_text_stand_out_from_what_they_lie_on(theme: str) -> None:
    """3 : 1 for marks, 4.5 : 1 for text, on the page and on what shades the best."""
    tone = THEMES[theme]
    marks = [tone.open, tone.proprietary, tone.host, tone.context, *tone.open_families, *tone.proprietary_families]
    marks += tone.host_families
    texts = [tone.ink, tone.muted, tone.good, tone.warn]
    assert [mark for mark in marks if contrast(mark, tone.page) < 3] == []
    for ground in (tone.page, tone.open_wash, tone.proprietary_wash):
        assert [text for text in texts if contrast(text, ground) < 4.5] == []
    assert contrast(tone.open, tone.open_wash) >= 4.5 and contrast(tone.proprietary, tone.proprietary_wash) >= 4.5


def test_the_theme_of_the_app_is_the_theme_of_the_charts() -> None:
    """Two places hold colours because Streamlit reads its own file; they must not drift apart."""
    theme = tomllib.loads(CONFIG.read_text())["theme"]
    assert theme["font"] == FONT
    for name, tone in THEMES.items():
        assert (theme[name]["backgroundColor"], theme[name]["textColor"], theme[name]["borderColor"]) == (
            tone.page,
            tone.ink,
            tone.hairline,
        )
        assert theme[name]["linkColor"] == tone.open


def test_the_sheet_has_the_tokens_of_the_charts() -> None:
    """A sheet of constants cannot read them."""
    sheet = CONFIG.parents[1].joinpath("style.css").read_text()
    names = {"paper": "page", "soft": "muted", "rule": "hairline"}
    tokens = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", sheet)
    assert len(tokens) == 11
    for name, *shades in tokens:
        token = names.get(name, name).replace("-", "_")
        assert shades == [getattr(tone, token) for tone in THEMES.values()], name


def test_a_family_keeps_its_colour_whatever_else_is_shown() -> None:
    """Colours follow the catalog, not the filter or the order of rows."""
    everyone = [("qwen", "open"), ("claude", "proprietary"), ("gemma", "open"), ("gpt", "proprietary")]
    names = [name for name, _ in everyone]
    assert LIGHT.families(everyone, names) == LIGHT.families(everyone[::-1], names[::-1])
    assert len(set(LIGHT.families(everyone, names).values())) == 4
    assert LIGHT.families(everyone, ["qwen"])["qwen"] == LIGHT.families(everyone, names)["qwen"]


def test_six_chosen_families_of_many_differ() -> None:
    """There are more families than colours that can be distinguished: those that are shown together must differ."""
    everyone = [(f"f{number:02}", "open") for number in range(20)]
    for first in range(14):
        assert len(set(LIGHT.families(everyone, [name for name, _ in everyone[first : first + 6]]).values())) == 6


def test_each_side_has_a_shape_and_a_stroke_of_its_own() -> None:
    """The second channel: what is proprietary is dashed wherever it is a line."""
    assert len(set(SHAPES.values())) == len({tuple(STROKES[side]) for side in SHAPES}) == 3
    assert STROKES["open"] == [1, 0] and STROKES["proprietary"][1] > 1


def metric(
    family: str,
    side: str,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    state: str = "measured",
) -> Row:
    return {
        "family_id": family,
        "side": side,
        "segment": "anyone",
        "statistic": "median",
        "value": value,
        "low": low,
        "high": high,
        "state": state,
        "n": 40,
        "note": None,
    }


ROWS = [
    metric("qwen", "open", 9.0, 7.0, 12.0),
    metric("llama", "open", None, 40.0, None),
    metric("gpt", "proprietary", 21.0, 18.0, 26.0),
    metric("grok", "proprietary", None, state="closed by policy"),
    metric("command", "proprietary", 0.0, 0.0, 0.0),
]
TITLES = {"qwen": "Qwen", "llama": "Llama", "gpt": "GPT", "grok": "Grok", "command": "Command"}


def values_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that a chart carries."""
    found: list[dict[str, Any]] = spec["layer"][0]["data"]["values"]
    return found


@pytest.mark.parametrize("tone", THEMES.values())
def test_zero_a_state_and_an_unreached_median_are_drawn_differently(tone: Palette) -> None:
    """Four kinds of nothing must never look alike."""
    shown = {item["family"]: item for item in values_of(charts.draw_dots(ROWS, "hours", list(TITLES), TITLES, tone))}
    assert (shown["Command"]["has_point"], shown["Command"]["said"]) == (True, f"0{GAP}min")
    assert (shown["Grok"]["has_point"], shown["Grok"]["is_measured"], shown["Grok"]["said"]) == (
        False,
        False,
        "closed by policy",
    )
    assert (shown["Llama"]["has_point"], shown["Llama"]["has_spread"], shown["Llama"]["said"]) == (
        False,
        True,
        f"not reached (over 40{GAP}h)",
    )


def test_an_interval_without_an_end_has_an_arrow_at_the_edge() -> None:
    """It ran off the chart like one that ends there."""
    layers = charts.draw_dots(ROWS, "hours", list(TITLES), TITLES, LIGHT)["layer"][0]["layer"]
    (arrows,) = [layer for layer in layers if layer["encoding"]["x"].get("field") == "edge"]
    last = arrows["encoding"]["x"]["scale"]["domain"][1]
    _, edge, shape = arrows["transform"]
    assert edge["calculate"].endswith(f" : {last}") and shape["calculate"].endswith("'triangle-right'")


def test_open_and_proprietary_differ_without_colour() -> None:
    """Printed in grey, round and solid against square and dashed."""
    shown = {item["side"]: item for item in values_of(charts.draw_dots(ROWS, "hours", list(TITLES), TITLES, LIGHT))}
    assert (shown["open"]["shape"], shown["proprietary"]["shape"]) == ("circle", "square")
    assert shown["open"]["dash"] != shown["proprietary"]["dash"]
    assert shown["open"]["fill"] == shown["open"]["colour"] and shown["proprietary"]["fill"] == LIGHT.page
    assert len({LIGHT.look_of(side)["shape"] for side in SHAPES}) == len(SHAPES) == 3
    (whiskers, points) = charts.draw_dots(ROWS, "hours", list(TITLES), TITLES, LIGHT)["layer"][0]["layer"][:2]
    assert whiskers["encoding"]["strokeDash"] == {"field": "dash", "type": "nominal", "scale": None}
    assert points["encoding"]["shape"] == {"field": "shape", "type": "nominal", "scale": None}


def test_several_statistics_stand_on_one_line_from_small_to_large() -> None:
    """The order of the names is the order of the sizes."""
    rows = [{**row, "statistic": name} for row in ROWS for name in ("p80", "median")]
    spec = charts.draw_dots(rows, "hours", list(TITLES), TITLES, LIGHT, ("median", "p80"))
    sizes = {item["statistic"]: item["size"] for item in values_of(spec)}
    assert sizes["median"] < sizes["p80"]


def test_a_click_picks_the_row_and_tells_which_it_was() -> None:
    """Every row has an invisible layer as wide as the chart, and the chart says what a click tells."""
    spec = charts.draw_dots(ROWS, "hours", list(TITLES), TITLES, LIGHT)
    (param,) = spec["params"]
    assert param["select"]["fields"] == ["family_id", "segment", "statistic"] and param["views"] == ["marks"]
    assert [layer.get("name") for layer in spec["layer"][0]["layer"]].count("marks") == 1
    assert {"family_id", "segment", "statistic"} <= set(values_of(spec)[0])


@pytest.mark.parametrize(
    ("unit", "values"),
    [
        ("hours", [0.0, 3000.0]),
        ("share", [0.0, 1.0]),
        ("uptime", [0.934, 1.0]),
        ("count", [1.0, 5e8]),
        ("rate", [0.0, 7.4]),
    ],
)
def test_every_value_lies_on_its_scale(unit: axes.Unit, values: list[float]) -> None:
    """A point beyond the end of the axis would be clipped without a word."""
    scale, _ = axes.make_scale(unit, [metric("qwen", "open", value, value, value) for value in values])
    first, last = scale["domain"]
    assert first <= min(values) and max(values) <= last


@pytest.mark.parametrize(("top", "until"), [(0.0, 0.1), (0.07, 0.1), (0.11, 0.25), (0.5, 0.5), (0.51, 1), (1.0, 1)])
def test_small_shares_are_spread_over_the_chart(top: float, until: float) -> None:
    """Six marks within the first tenth of an axis could not be distinguished."""
    scale, axis = axes.make_share_scale(top)
    assert scale["domain"] == [0, until] and axis["values"][0] == 0 and axis["values"][-1] == until


def test_names_at_line_ends_do_not_touch() -> None:
    """Lines that end close together keep their names apart, in the order of the lines."""
    rows = [
        {"family_id": name, "hours": 720, "value": value}
        for name, value in (("a", 0.92), ("b", 0.93), ("c", 0.931), ("d", 0.2))
    ]
    labels = [row["label"] for row in curves._spread_labels(rows)]
    assert [row["family_id"] for row in curves._spread_labels(rows)] == ["d", "a", "b", "c"]
    assert all(later - earlier >= curves.GAP - 1e-9 for earlier, later in itertools.pairwise(labels[1:]))
    assert max(labels) <= 1.0
