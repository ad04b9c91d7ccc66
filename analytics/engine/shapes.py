"""Shapes: the parts that shares, medians and other figures share are written once and put around each metric's query.

A metric whose header says `shape: share` or `shape: median` is a query for its items: item_id, family_id, channel_kind,
channel_role, is_pooled (whether it counts for the family's channels of all roles together), segment, statistic,
age_days, `is_yes` or `amount`, url, and exclusion_reason (null: it counts); a share may also have `is_unseen` (it
counts, but whether it has the property could not be seen) and `person_id` (items of one person are alike, as are those
of a week). One with `shape: figure` gives the figures themselves: family_id, channel_kind, channel_role, segment,
statistic, window, value, low, high, n, n_events, n_censored, own_state and own_note (null if there is nothing to say).
"""

import re
from functools import cache
from pathlib import Path

from analytics.engine.headers import Header

FOLDER = Path(__file__).parents[1] / "shapes"
WINDOWS = ("30d", "90d", "365d", "all")
_ITEMS = "f.value is null or f.n < r.min_items_count"
GATES = {
    "items": _ITEMS,
    "share": f"{_ITEMS} or f.high - f.low > r.widest_share_interval",
    "events": f"{_ITEMS} or f.n_events < r.min_events_count",
    "none": "f.value is null",
}
"""Conditions under which there is too little data: too few items; also too wide an interval, for shares; also too few
events, for quantiles only: a share must not be hidden because it is low; or never (for complete counts)."""
_SHORTFALL = "case n when 0 then 'No {{of}}' when 1 then 'Only 1 {{one}}' else 'Only ' || n || ' {{of}}' end || '"
SHORTFALLS = {
    "items": f"{_SHORTFALL}.'",
    "share": f"{_SHORTFALL}' || if(n >= min_items_count and high - low > widest_share_interval,"
    " ': the interval is too wide.', '.')",
    "events": "case n when 0 then 'No {{of}}.' else"
    " 'Too few outcomes so far: ' || n_events || ' of ' || n || if(n = 1, ' {{one}}.', ' {{of}}.') end",
    "none": "'Not known yet.'",
}
"""Notes on such figures."""
ROLES = {
    "": "",
    "together": "and c.channel_role = 'all'",
    "apart": "and (c.channel_role <> 'all' or c.channels_count = 0)",
}
"""Filters of the groups of channels; a family without channels has one row all the same."""
SPAN = "least(weeks, ceil(1.3 * sqrt(weeks)))"
"""So many weeks apart, products of weeks no longer count (Lazarus, Lewis, Stock and Watson 2018). With `cluster: week`
none count: an age follows from its week, and says nothing of the weeks beside it."""
WEAKNESS = """,
        case when verdict = 'measured' then (
            select max(weakness) from metrics.feature_accuracy
            where feature = '{feature}'
                and class in ('yes', 'any type', 'any language', 'any family', 'any kind', 'stated', 'bot or agent')
                and part = 'all' and channel_kind in ('all', 'status') and language = 'all'
        ) end"""
"""Note on a figure that rests on a feature with a weak rule; empty for other figures. Rules for incidents are tested on
status pages only."""
CHAINS = {"share": ("share",), "median": ("median",), "figure": ()}
"""The templates that make the figures of each shape, from the inside out."""
JUDGING, SHOWING = "figure", "shown"
"""The template around all of them, which says whether there is enough for a figure, and that of the view of them, which
says what the channels of each allow, and adds the groups of which there is none."""
PARTS = ("hub_model", "left_out", "opener", "reply", "stopped", "timed", "worth")
"""Templates that queries share."""


def render_query(query: str, header: Header) -> str:
    """Renders the whole statement of a metric: its query within its shape, or the query itself without one."""
    query = fill_parts(query)
    if header.shape not in CHAINS:
        return query
    for name in ("share", "rectified") if header.readings else CHAINS[header.shape]:
        query = _fill_template(_read_template(name), query, header)
    return _fill_template(_read_template(JUDGING), query, header)


def render_view(name: str, header: Header) -> str:
    """Renders what is shown of a metric with a shape: its figures, and a kind of nothing for every other group."""
    return _fill_template(_read_template(SHOWING).replace("{{name}}", name), "", header)


def render_typed(columns: str, name: str) -> str:
    """Renders the statement of a staging file from its columns: they type the raw table of the same name."""
    template = _read_template("staging").replace("{{name}}", name)
    return template.replace("{{columns}}", fill_parts(columns).strip())


def fill_parts(query: str) -> str:
    """Fills in the parts that queries share."""
    for name in PARTS:
        query = query.replace("{{" + name + "}}", _read_template(name).strip().replace("{{span}}", SPAN))
    return query


@cache
def _read_template(name: str) -> str:
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    # The template's own header would otherwise end up in every receipt.
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def _fill_template(template: str, query: str, header: Header) -> str:
    """Fills a template with values from our own headers, and with the query last, so that nothing in it is replaced."""
    gate = header.gate or ("share" if header.shape == "share" else "items")
    for name, value in {
        "worth": _read_template("worth").strip().replace("{{span}}", "1" if header.cluster == "week" else SPAN),
        "person": render_person(query),
        "segments": _render_values(header.segments or ("all",)),
        "statistics": _render_values(header.statistics),
        "windows": _render_values(header.windows or WINDOWS),
        "covers": header.covers,
        "roles": ROLES[header.roles] + _render_together(header.together),
        "gate": GATES[gate],
        "left_out": _read_template("left_out").strip(),
        "shortfall": SHORTFALLS[gate],
        "nothing": "Not known yet." if header.gate == "none" else "No {{of}}.",
        "unit": header.unit,
        "of": (things := header.of or header.covers),
        "one": "person" if things == "people" else re.sub(r"s\b", "", things, count=1),
        "version": str(header.version),
        "accuracy": "".join(WEAKNESS.format(feature=feature) for feature in header.features),
        "readers": ", ".join(str(reader) for reader in header.readers),
        "readings": ", ".join(f"('{name}', '{feature}')" for name, feature in header.readings.items()),
        "unseen": "coalesce(i.is_unseen, false)" if re.search(r"\bis_unseen\b", query) else "false",
        "own_shortfall": "f.own_shortfall" if "own_shortfall" in query else "cast(null as varchar)",
        "query": query.strip(),
    }.items():
        template = template.replace("{{" + name + "}}", value)
    return template


def render_person(query: str) -> str:
    """Renders the key of those whose items are alike, too, if a query for items `i` says whose they are."""
    key = "case when i.person_id is not null then hash(md5(i.person_id)) end"
    return key if "person_id" in query else "cast(null as ubigint)"


def _render_together(segments: tuple[str, ...]) -> str:
    """Renders the filter that omits such segments from the figures of a single role."""
    words = ", ".join(f"'{segment}'" for segment in segments)
    return f" and (c.channel_role = 'all' or s.segment not in ({words}))" if words else ""


def _render_values(words: tuple[str, ...]) -> str:
    return ", ".join(f"('{word}')" for word in words)
