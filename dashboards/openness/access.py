"""The page "Can you get in?": licence, gate, memory and price of each family, the cost of doing it yourself, and facts
read by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts.axes import Scaled, Unit
from dashboards.frame import layout
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.tables import safe_link
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.openness import levels, like_prices
from dashboards.openness.charts import panels
from dashboards.openness.sentences import access, freedom
from dashboards.openness.sentences import levels as sentences_levels
from dashboards.openness.sentences import like_prices as like_sentences
from dashboards.openness.sentences.levels import format_level
from dashboards.words import numbers, sentences
from dashboards.words.numbers import format_usd
from warehouse.wording import count_things

FactRow = Mapping[str, Any]
"""A fact read on a page by hand: a row of `staging.facts`."""
GRADES = {"B": ", in a recorded answer", "C": ", by another reader"}
"""Who read a fact, if not we on its maker's page."""
QUESTION = "Can you get in?"
SHOWN = 3
"""Figures shown by themselves: prices of like kind, all prices and memory."""
HUB = "the model hub"
LISTED = "OpenRouter's list of models"
READ = "the makers' own pages, read by hand"
GATES = {"no": "open to all", "auto": "after a form", "manual": "after approval"}
PACKED = ("4-bit", "8-bit", "bf16")
PRICES = {"cached": "cached input", "input": "input", "output": "output"}
GIB = {"type": "log", "base": 2, "nice": False}
FREE = (
    "Do free weights cost time instead? Shown here: the share of questions about getting a model to run, and how long "
    "help takes."
)


def story(page: View) -> Story:
    """Tells licence, memory and price at a glance, the waits that self-hosting costs, gates, hosts and prices, then the
    facts with their pages."""
    licences = page.load_metric("licence_class", "offers", "all", ("lowest", "median", "highest"))
    memory = page.load_metric("smallest_memory_gib", "hub", statistics=("median",))
    prices = page.load_metric("price_usd", "prices", statistics=("cheapest", "median"))
    blended = [row for row in prices if row["segment"] == "blended"]
    test = like_prices.load_test(page)
    parts: list[Part] = [
        like_prices.draw_like_prices(page, LISTED),
        (draw_prices(page, blended), draw_memory(page, memory)),
        draw_licences(page, licences),
        Words("## What running it yourself costs"),
        Words(FREE, True),
        (draw_setup_share(page), draw_setup_wait(page)),
        Words("## Gates, hosts and prices"),
        (draw_gates(page), draw_hosts(page)),
        draw_parts_of_price(page, prices),
        Words("## Facts read by hand"),
    ]
    verdict = like_sentences.judge_sides(test) or access.judge_page(prices, licences)
    told = access.answer_page(licences, memory, prices, page.titles, load_gates(page))
    answer = sentences.tell_in_steps(verdict, like_sentences.describe_sides(test) + told)
    return Story(QUESTION, answer, [*parts, draw_facts(page, load_facts(page))], SHOWN)


def draw_licences(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the classes of a family's licences."""
    names = ("lowest", "median", "highest")
    scaled = {"domain": [1, 5], "nice": False}, {"values": list(access.CLASSES), "format": "d", "title": None}
    meaning = ", ".join(f"{number} {word}" for number, word in access.CLASSES.items())
    return Figure(
        name="licence",
        title=access.name_freest(rows, page.titles),
        subtitle=f"Licence class of a family's models: {meaning}; strictest (small mark), median and freest (large "
        f"mark); {levels.describe_scope(page, rows, HUB)}. No legal advice.",
        chart=levels.draw_ordered_levels(page, rows, names, "median", format_level, scaled),
        rows=rows,
        metric="licence_class",
        source=f"{HUB}; terms of closed weights read by hand",
        alt=sentences_levels.describe_levels(
            rows, "statistic", format_level, page.titles, "class of licence from 1 to 5"
        ),
    )


def draw_memory(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the memory of the median model by precision, beside two common cards."""
    ends = [row["value"] for row in sentences.select_measured(rows)]
    scale = GIB | {"domain": [min(ends, default=1.0) * 0.8, max([96.0, *ends]) * 1.2]}
    axis = {"values": [1, 4, 16, 64, 256, 1024], "format": "d", "title": None}
    return Figure(
        name="memory",
        title=access.name_smallest(rows),
        subtitle="Memory to load the median model, in GiB on a logarithmic scale, estimated: at 4 bits (small mark), 8 "
        "and 16 (large mark). A long context needs more.",
        chart=levels.draw_ordered_levels(
            page,
            sentences.select_measured(rows),
            PACKED,
            "bf16",
            access.format_gib,
            (scale, axis),
            "segment",
            access.CARDS,
            is_least_first=True,
        ),
        absent=sentences.name_absent(rows, page.titles),
        rows=rows,
        metric="smallest_memory_gib",
        source=HUB,
        alt=sentences_levels.describe_levels(
            rows, "segment", access.format_gib, page.titles, "estimated memory of the median model"
        ),
    )


def draw_prices(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the cheapest and the median price of both sides."""
    return Figure(
        name="price",
        title=access.name_cheapest(rows, page.titles),
        subtitle="Dollars per million tokens on a logarithmic scale, three parts input to one part output: cheapest "
        "(small mark) and median (large mark) of a family's models.",
        chart=levels.draw_ordered_levels(
            page, rows, ("cheapest", "median"), "cheapest", format_usd, scale_dollars(rows), is_least_first=True
        ),
        rows=rows,
        metric="price_usd",
        source=LISTED,
        alt=sentences_levels.describe_levels(rows, "statistic", format_usd, page.titles, "dollars per million tokens"),
    )


def draw_setup_share(page: View) -> Figure:
    """Draws the share of questions about getting it to run."""
    rows = page.load_metric("setup_question_share", page.kind, "all", ("any",))
    measure = "Share of questions about building, starting, loading, hardware, memory or speed"
    return _draw_asked(
        page, rows, "setup", "setup_question_share", "share", "Most questions about getting it to run", measure
    )


def draw_setup_wait(page: View) -> Figure:
    """Draws how long people who cannot get it to run wait for help."""
    rows = page.load_metric("setup_help_hours", page.kind, "type:getting it to run", ("median",))
    measure = (
        "Time until half of the people who asked about getting it to run are helped; the others count as still waiting"
    )
    return _draw_asked(
        page, rows, "setup-wait", "setup_help_hours", "hours", "Fastest help with getting it to run", measure
    )


def _draw_asked(
    page: View, rows: Sequence[MetricRow], name: str, metric: str, unit: Unit, best: str, measure: str
) -> Figure:
    return draw_dot_figure(
        page,
        rows,
        name=name,
        metric=metric,
        title=sentences.name_leader(rows, unit, page.titles, best, is_least_first=unit == "hours"),
        measure=f"{measure}",
        alt=measure[0].lower() + measure[1:],
        unit=unit,
        note="A rule decides what a question is about, and it makes mistakes.",
        is_narrow=False,
    )


def load_gates(page: View) -> list[MetricRow]:
    """Loads the shares of models by the gate before their weights."""
    return page.load_metric("gated_share", "hub", "all", tuple(GATES))


def draw_gates(page: View) -> Figure:
    """Draws the share of models for which access must be requested."""
    rows = load_gates(page)
    measured_rows, free = sentences.select_measured(rows), [row for row in rows if row["statistic"] == "no"]
    return Figure(
        name="gates",
        title=sentences_levels.name_first(free, page.titles, "Most models without a gate", numbers.format_share),
        subtitle="Share of a family's models that anyone may download, that require an account and a form, and that "
        f"require approval; {levels.describe_scope(page, rows, HUB)}. A count of all models, so there is no "
        f"interval.{freedom.describe_unseen(rows, page.titles)}",
        chart=panels.draw_panels(
            measured_rows, "share", GATES, "statistic", page.order_families(free), page.titles, page.theme
        )
        if measured_rows
        else None,
        rows=rows,
        metric="gated_share",
        source=HUB,
        alt=sentences_levels.describe_levels(
            rows, "statistic", numbers.format_share, page.titles, "share of models by their gate"
        ),
    )


def draw_hosts(page: View) -> Figure:
    """Draws the number of other hosts that offer the same model."""
    rows = page.load_metric("hosts_count", "hub", "all", ("median", "most"))
    measured_rows = sentences.select_measured(rows)
    most = max([4.0, *(row["value"] for row in measured_rows)])
    scaled = {"domain": [0, most * 1.05], "nice": False}, {"tickCount": 4, "format": "d", "title": None}
    return Figure(
        name="hosts",
        title=sentences_levels.name_first(
            [row for row in rows if row["statistic"] == "most"], page.titles, "Most hosts of one model", format_level
        ),
        subtitle="Hosts that serve a model through the hub: median (small mark) and most (large mark) over a family's "
        f"models; {levels.describe_scope(page, rows, HUB)}. Hosts of closed models are not "
        f"collected.{freedom.describe_unseen(rows, page.titles)}",
        chart=levels.draw_ordered_levels(page, measured_rows, ("median", "most"), "most", format_level, scaled),
        rows=rows,
        metric="hosts_count",
        source=HUB,
        alt=sentences_levels.describe_levels(rows, "statistic", format_level, page.titles, "hosts of a model"),
    )


def draw_parts_of_price(page: View, prices: Sequence[MetricRow]) -> Figure:
    """Draws the prices of input and output separately."""
    rows = [row for row in prices if row["segment"] in PRICES and row["statistic"] == "median"]
    measured_rows, read = sentences.select_measured(rows), [row for row in rows if row["segment"] == "input"]
    some = [key for key in PRICES if any(row["segment"] == key for row in measured_rows)]
    missing = [name for key, name in PRICES.items() if key not in some and rows]
    return Figure(
        name="prices",
        title=sentences_levels.name_first(read, page.titles, "Cheapest million input tokens", format_usd, is_less=True),
        subtitle="Dollars per million tokens, median of a family's models, from the smallest mark: "
        f"{numbers.join_words([PRICES[key] for key in some])}; {levels.describe_scope(page, rows, LISTED)}."
        + (f" No price is listed for {numbers.join_words(missing)}." if missing else ""),
        chart=levels.draw_ordered_levels(
            page, measured_rows, some, "input", format_usd, scale_dollars(measured_rows), "segment", is_least_first=True
        ),
        rows=rows,
        metric="price_usd",
        source=LISTED,
        alt=sentences_levels.describe_levels(rows, "segment", format_usd, page.titles, "dollars per million tokens"),
    )


def scale_dollars(rows: Sequence[MetricRow]) -> Scaled:
    """Returns a logarithmic scale from cents to the highest price."""
    ends = [row["value"] for row in sentences.select_measured(rows)]
    scale = {"type": "log", "nice": False, "domain": [min([0.1, *ends]) * 0.8, max([10.0, *ends]) * 1.2]}
    return scale, {"values": [0.01, 0.1, 1, 10, 100], "labelExpr": "'$' + format(datum.value, '~r')", "title": None}


def load_facts(page: View) -> list[dict[str, Any]]:
    """Loads facts of the families shown: open families first, then by kind."""
    rows = page.load_rows(
        "staging.facts",
        "select * from staging.facts order by family_id, fact_kind, tuning_method, promised_days desc, from_on, url",
    )
    return sorted(rows, key=lambda row: list(page.titles).index(row["family_id"]))


def draw_facts(page: View, rows: Sequence[FactRow]) -> Figure:
    """Draws every fact in words with its page and the day on which it was read; stale ones are marked."""
    stale = sum(bool(row["is_stale"]) for row in rows)
    helped = len({row["family_id"] for row in rows if row["fact_kind"] == "free support"})
    counted = count_things(len(rows), f"fact{page.whose} was", f"facts{page.whose} were")
    return Figure(
        name="facts",
        title=f"{counted} read by hand, {stale} of them long ago" if rows else "No fact is recorded",
        subtitle="Licence, tuning, free support and notice as stated on the makers' own pages. ◆ was read long ago "
        f"and may have changed since. Free support was checked for {sentences_levels.count_families(helped)}; the "
        "others have not been checked, which is not the same as none.",
        chart=None,
        rows=rows,
        metric="free_support_count",
        source=READ,
        counted="facts",
        shown=[describe_fact(row, page) for row in rows],
    )


def describe_fact(row: FactRow, page: View) -> dict[str, Any]:
    """Describes a fact as a table row."""
    until = row["until_on"] or ("no known end" if row["from_on"] else None)
    return {
        "family": page.titles[row["family_id"]],
        "about": ", ".join(filter(None, (row["fact_kind"], row["tuning_method"], row.get("applies_to")))),
        "what its maker says": row["fact_words"],
        "from": str(row["from_on"] or ""),
        "until": str(until or ""),
        "read on": f"{row['as_of_on']}{' ◆' if row['is_stale'] else ''}{GRADES.get(row.get('evidence') or '', '')}",
        "link": safe_link(row["url"]),
    }


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
