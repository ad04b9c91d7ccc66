"""The notice that makers gave, whether they kept their promises, how long they serve a model, and what they offer in
its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards.frame import snapshot_reader
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Words
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row
from dashboards.reliability import sentences_ends
from dashboards.words import gaps, numbers, sentences
from warehouse.wording import pluralize

PromiseRow = Mapping[str, Any]
"""A promise of notice as read on a page by hand: a row of `staging.facts`."""
KIND = "deprecations"
PROMISES = (
    "select * from staging.facts where fact_kind = 'notice' "
    "order by family_id, promised_days desc, from_on nulls first, url"
)
"""The notice that makers promise, family by family."""
SOURCE = "the makers' and hosts' deprecation pages"
READ = ("measured", "not enough data")
"""States of families whose deprecation page is read."""
COLUMNS = {"kept as promised then": "that_day", "kept as promised today": "last_read"}
TOO_FEW = "Whether replacements offer as much is not known: too few old and new models appear in one price list."
MOVES = (
    "select m.family_id, m.model, m.change, m.old_shutdown_on, m.new_shutdown_on, m.change_seen_at, n.url from "
    "metrics.date_moves as m left join staging.notices as n on n.notice_id = m.notice_id order by m.change_seen_at "
    "desc, m.notice_id"
)
PARITY = {"context": "as long a context", "price": "no higher price", "inputs": "the same inputs", "tools": "tools"}


def make_parts(page: View) -> list[Part]:
    """Makes notice beside lifetimes, the promises, the replacements, and the moved days."""
    given = load_or_all_time(page, "notice_days", ("days",))
    made_parts: list[Part] = [
        Words("## How much notice do they give, and do they keep their promises?"),
        *draw_notice_and_lifetime(page, given),
    ]
    made_parts += [draw_promises(page, given), *draw_replacements(page), draw_moves(page)]
    why = sentences.describe_absences([row for row in given if row["state"] not in READ], page.titles)
    return [*made_parts, *([Words(why, is_small=True)] if why else [])]


def draw_notice_and_lifetime(page: View, given: Sequence[MetricRow]) -> list[Part]:
    """Draws notice beside lifetimes, or alone where no lifetime is known."""
    served = draw_lifetime(page)
    if sentences.select_measured(served.rows):
        return [(draw_notice(page, given), served)]
    return [
        draw_notice(page, given),
        Words(
            "How long models are served is not known yet: too few models with a known first day have ended.",
            is_small=True,
        ),
    ]


def load_or_all_time(page: View, name: str, statistics: Sequence[str]) -> list[MetricRow]:
    """Loads rows for the page's window or, where it is too short for any number, for all time; the subtitle says
    which."""
    rows = page.load_metric(name, KIND, "all", statistics)
    if sentences.select_measured(rows):
        return list(rows)
    return list(replace(page, window="all").load_metric(name, KIND, "all", statistics)) or list(rows)


def draw_notice(page: View, given: Sequence[MetricRow]) -> Figure:
    """Draws the median notice of each page with its interval."""
    rows = [row for row in given if row["state"] in READ]
    return draw_dot_figure(
        page,
        rows,
        name="notice",
        metric="notice_days",
        title=name_longest(rows, page.titles, "Most days of notice"),
        measure="Days from the first dated announcement to the last day; half of the models had more",
        alt="notice before the end",
        unit="rate",
        source=SOURCE,
        where="deprecation pages",
        is_narrow=False,
    )


def name_longest(rows: Sequence[MetricRow], titles: dict[str, str], best: str) -> str:
    """Names who ranks first where more is better, whether the others can be told apart, and whose figure is not reached
    and may be higher."""
    ranked = sorted(sentences.select_measured(rows), key=lambda row: -row["value"])
    if not ranked:
        return f"{best}: no family has a number"
    first, others = ranked[0], gaps.select_level(ranked[0], ranked[1:])
    unreached = [row for row in rows if row["state"] == "measured" and row["value"] is None and row["high"] is None]
    open_end = f"; not reached yet: {_name_families(unreached, titles)}" if unreached else ""
    level = _name_families(others, titles)
    leader = f"{best}: {numbers.escape_markdown(titles[first['family_id']])}, {numbers.format_rate(first['value'])}"
    return f"{leader}; no difference shown from {level}{open_end}" if level else f"{leader}{open_end}"


def _name_families(rows: Sequence[Row], titles: dict[str, str]) -> str:
    if len(rows) > 2:
        return f"{len(rows)} others"
    return numbers.join_words([numbers.escape_markdown(titles[row["family_id"]]) for row in rows])


def draw_lifetime(page: View) -> Figure:
    """Draws how long makers serve a model; models still served count for the time so far."""
    names = ("p25", "median", "p75")
    rows = [row for row in page.load_metric("supported_lifetime_days", KIND, "all", names) if row["state"] in READ]
    medians = [row for row in rows if row["statistic"] == "median"]
    return draw_dot_figure(
        page,
        rows,
        name="lifetime",
        metric="supported_lifetime_days",
        title=name_longest(medians, page.titles, "Most days served"),
        measure="Days from a model's first day to its last: a quarter (small mark), half (middle) and three quarters "
        "(large) were served no longer than this; those of models still in service count as at least as long as so far",
        alt="median time a model is served",
        unit="rate",
        statistics=names,
        headline=medians,
        source=SOURCE,
        where="deprecation pages",
        lines="",
    )


def draw_promises(page: View, given: Sequence[MetricRow]) -> Part:
    """Draws each maker's promise beside the notice given and the share of models for which it was kept."""
    facts = page.load_rows("staging.facts", PROMISES)
    if not facts:
        is_read = snapshot_reader.has_table(page.snapshot, "staging.facts")
        why = (
            "No promise of notice is known for these families."
            if is_read
            else "This snapshot has no promises of notice."
        )
        return Words(why, is_small=True)
    kept_rows = load_or_all_time(page, "promise_kept_share", ("that_day", "last_read"))
    families = sorted(
        {row["family_id"] for row in [*facts, *sentences.select_measured(given)]},
        key=lambda family: page.titles[family].lower(),
    )
    lines = [line for family in families for line in _describe_promises(page, family, facts, given, kept_rows)]
    held = sentences.select_measured([row for row in kept_rows if row["statistic"] == "last_read"])
    return Figure(
        name="promises",
        title=_describe_kept(held, page, len({row["family_id"] for row in facts})),
        subtitle="Each promise as read by hand, the median notice given, and the share of models for which it was "
        f"kept; {page.describe_scope(kept_rows, 'deprecation pages')}.",
        how="Kept: the share of models that received the notice promised on the day of announcement, and that promised "
        "today; 95 % intervals in brackets. ◆ read over 180 days ago.",
        counted="promises",
        chart=None,
        rows=kept_rows,
        metric="promise_kept_share",
        source=SOURCE,
        shown=lines,
    )


def _describe_kept(held: Sequence[MetricRow], page: View, promises: int) -> str:
    if not held:
        return (
            f"{promises} {pluralize(promises, 'maker promises', 'makers promise')} notice; whether they keep "
            "the promise is not known yet"
        )
    shares = [
        f"{numbers.escape_markdown(page.titles[row['family_id']])}, {numbers.format_value(row, 'share')} of "
        f"{numbers.format_count(row['n'])} models"
        for row in held
    ]
    return f"Kept the notice that is promised today: {numbers.join_words(shares)}"


def _describe_promises(
    page: View, family: str, facts: Sequence[PromiseRow], given: Sequence[MetricRow], kept_rows: Sequence[MetricRow]
) -> Iterator[dict[str, Any]]:
    """Yields a line for each promise of a family; the figures are of all its models and stand in the first line."""
    promised = [row for row in facts if row["family_id"] == family]
    shares = {row["statistic"]: row for row in kept_rows if row["family_id"] == family}
    days = next((row for row in given if row["family_id"] == family), None)
    figures = {"given": _format_days(days)} | {
        name: _format_share(shares.get(statistic)) if promised else "no promise" for name, statistic in COLUMNS.items()
    }
    if not promised:
        yield {"of": page.titles[family], **figures, "read on": "", "page": None, "promised": "no promise known"}
    for place, row in enumerate(promised):
        until = f" (until {sentences_ends.format_day(row['until_on'])})" if row["until_on"] else ""
        yield {
            "of": ", ".join(filter(None, (page.titles[family], row.get("applies_to")))),
            **(dict.fromkeys(figures, "as above") if place else figures),
            "read on": f"{sentences_ends.format_day(row['as_of_on'])}{' ◆' if row['is_stale'] else ''}",
            "page": row["url"],
            "promised": f"{row['fact_words']}{until}",
        }


def _format_share(row: MetricRow | None) -> str:
    return "not known" if row is None else numbers.format_value(row, "share")


def _format_days(row: MetricRow | None) -> str:
    return (
        "not known"
        if row is None
        else numbers.format_value(row, "rate") + (" days" if row["state"] == "measured" else "")
    )


def draw_replacements(page: View) -> list[Part]:
    """Draws whether replacements offer as much; nothing where that is unknown."""
    rows = load_or_all_time(page, "replacement_parity_share", tuple(PARITY))
    families = list(dict.fromkeys(row["family_id"] for row in sentences.select_measured(rows)))
    if not families:
        return [Words(TOO_FEW, is_small=True)] if rows else []
    values = {(row["family_id"], row["statistic"]): row for row in rows}
    answered = [[(name, values[family, name]) for name in PARITY if (family, name) in values] for family in families]
    lines = [
        {"of": page.titles[family]} | {PARITY[name]: numbers.format_value(row, "share") for name, row in parts}
        for family, parts in zip(families, answered, strict=True)
    ]
    makers = numbers.join_words([numbers.escape_markdown(page.titles[family]) for family in families])
    title = f"What {makers} {pluralize(len(families), 'offers', 'offer')} to replace models that end"
    subtitle = (
        f"Share of replaced models whose replacement has this; {page.describe_scope(rows, 'deprecation pages')}; 95 % "
        "intervals in brackets."
    )
    return [
        Figure(
            name="parity",
            title=title,
            subtitle=subtitle,
            chart=None,
            rows=rows,
            metric="replacement_parity_share",
            source="OpenRouter's list",
            shown=lines,
        )
    ]


def draw_moves(page: View) -> Part:
    """Draws the announced days that were moved while Heartbeat watched, newest first."""
    has_notices = snapshot_reader.has_table(page.snapshot, "staging.notices")
    rows = page.load_rows("metrics.date_moves", MOVES) if has_notices else []
    counts = [
        row for row in page.load_metric("moved_dates_count", KIND, "all", ("moved",)) if row["state"] == "measured"
    ]
    if not rows:
        return Words(_explain_no_moves(page, counts), is_small=True)
    lines = [
        {"what": row["model"], "of": page.titles[row["family_id"]], "moved": row["change"],
         "from": sentences_ends.format_day(row["old_shutdown_on"]),
         "to": sentences_ends.format_day(row["new_shutdown_on"]) or "no day",
         "seen": numbers.format_instant(row["change_seen_at"]), "page": row["url"]}
        for row in rows
    ]  # fmt: skip
    title = f"{len(rows):,} announced last {pluralize(len(rows), 'day', 'days')} moved while being watched"
    subtitle = (
        "The announced day before and after, and when the change was seen; newest first. Two moves between two visits "
        "count as one."
    )
    return Figure(
        name="moves",
        title=title,
        subtitle=subtitle,
        chart=None,
        rows=rows,
        metric="date_moves",
        source=SOURCE,
        shown=lines,
    )


def _explain_no_moves(page: View, counts: Sequence[MetricRow]) -> str:
    """Counts the announced days watched without a move; says so where none could be watched."""
    if not counts:
        return "Whether announced days were moved is not known: no page has been watched for long enough."
    watched = numbers.format_count(sum(row["n"] for row in counts))
    return (
        f"None of the {watched} announced last days was moved on {len(counts)} "
        f"{pluralize(len(counts), 'page')}, as far as visits showed; "
        f"{page.describe_scope(counts, 'deprecation pages')}."
    )
