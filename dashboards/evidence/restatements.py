"""What was restated: definitions that changed, and what the same data said before and after."""

from collections.abc import Iterator, Sequence

from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure, Part, Words
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.restated.reader import select_reason
from warehouse.snapshot import Snapshot
from warehouse.wording import is_are, pluralize

WITHDRAWN = "no longer published"
KINDS = {
    "another value": "old_value is not null and new_value is not null and old_value <> new_value",
    "only another interval, number or coverage": "old_value is not null and old_value is not distinct from new_value",
    "no value any more": f"old_value is not null and new_value is null and new_state <> '{WITHDRAWN}'",
    WITHDRAWN: f"new_state = '{WITHDRAWN}'",
    "a value for the first time": "old_value is null and new_value is not null",
}
"""What can become of a figure, by the rows of the log; the rest had no value before or after."""
SHOWN = 10
"""Figures whose change is shown in full: of each measure the one that moved most."""


def load_changes(snapshot: Snapshot) -> list[DictRow] | None:
    """Loads changed definitions with how many figures of the same data they restated, how and why, the most first; None
    where no log is kept."""
    if not (
        snapshot_reader.has_table(snapshot, "meta.methods") and snapshot_reader.has_table(snapshot, "meta.restatements")
    ):
        return None
    counts = ", ".join(f'count(*) filter (where {where}) as "{kind}"' for kind, where in KINDS.items())
    return snapshot_reader.load_rows(
        snapshot,
        f"""with changed as (
            select m.name, m.number, before.version as old_version, m.version as new_version, m.as_of_at
            from meta.methods m
            join meta.methods before on before.name = m.name and before.number = (
                select max(number) from meta.methods b where b.name = m.name and b.number < m.number)
            union all
            -- What was removed has no newer definition.
            select name, max(number), max(old_version), null, max(as_of_at)
            from meta.restatements where new_version is null group by name
        )
        select c.* exclude (number), count(r.name) as restated_count, {counts},
            any_value({select_reason(snapshot, "c")}) as reason
        from changed as c
        left join meta.restatements as r on r.name = c.name and r.number = c.number
            and r.new_version is not distinct from c.new_version
        group by c.name, c.number, c.old_version, c.new_version, c.as_of_at
        order by restated_count desc, c.number desc, c.name""",
    )


def load_largest(snapshot: Snapshot) -> list[DictRow]:
    """Loads the figure of each measure that left what it said before by the most widths of its interval."""
    return snapshot_reader.load_rows(
        snapshot,
        f"""select *, abs(new_value - old_value) / (old_high - old_low) as widths
        from meta.restatements
        where {KINDS["another value"]} and old_high > old_low and isfinite(old_high - old_low + new_value - old_value)
        qualify row_number() over (partition by name order by widths desc, family_id, channel_kind, channel_role,
            segment, statistic, "window") = 1
        order by widths desc, name limit {SHOWN}""",
    )


def draw_restatements(page: View) -> Iterator[Part]:
    """Draws the changed definitions, how many figures of the same data changed with each, and the largest changes."""
    changes = load_changes(page.snapshot)
    if not changes:
        unknown = "This snapshot was published without the log of definitions."
        yield Words(
            unknown
            if changes is None
            else "No definition has changed since the first build here, so no figure was restated."
        )
        return
    yield draw_changes(changes)
    if largest := load_largest(page.snapshot):
        yield _draw_largest(largest)


def draw_changes(changes: Sequence[DictRow]) -> Figure:
    """Draws the changed definitions, those that changed the most figures first."""
    figures = sum(row["restated_count"] for row in changes)
    often = "once" if len(changes) == 1 else f"{len(changes)} times"
    moving = [row for row in changes if row["restated_count"]]
    unmoved = _tell_unmoved(len(changes) - len(moving))
    return Figure(
        name="restated",
        title=f"Definitions changed {often} since the first build here",
        subtitle=f"{numbers.format_count(figures)} {pluralize(figures, 'figure')} of the same data "
        f"{pluralize(figures, 'has', 'have')} changed since: "
        f"{_count_kinds(changes)}. {unmoved}`heartbeat export restatements` writes what "
        "each of them said before; receipts show it, too. A definition can change without a new version where a step "
        "that it rests on did."
        if moving
        else "No figure of the same data changed with them.",
        chart=None,
        rows=changes,
        metric="",
        source="the log of definitions",
        alt="Definitions that changed, and the figures that changed with them",
        shown=[describe_change(row) for row in moving or changes],
    )


def _tell_unmoved(count: int) -> str:
    return f"{count} changed no figure and {is_are(count)} not listed. " if count else ""


def _count_kinds(changes: Sequence[DictRow]) -> str:
    counts = {kind: sum(row[kind] for row in changes) for kind in KINDS}
    counts["no value before or after"] = sum(row["restated_count"] for row in changes) - sum(counts.values())
    return numbers.join_words([f"{numbers.format_count(count)} {kind}" for kind, count in counts.items() if count])


def describe_change(row: DictRow) -> DictRow:
    """Describes one changed definition."""
    new = WITHDRAWN if row["new_version"] is None else row["new_version"]
    return (
        {
            "metric": row["name"],
            "version": f"{row['old_version']} → {new}",
            "data as of": numbers.format_instant(row["as_of_at"]),
            "figures that changed": row["restated_count"],
        }
        | {kind: row[kind] for kind in KINDS}
        | {"why": row["reason"]}
    )


def _draw_largest(rows: Sequence[DictRow]) -> Figure:
    title = "What the figures that moved most said before"
    return Figure(
        name="moved",
        title=title,
        subtitle="Of each measure the figure that left its earlier value by the most widths of the earlier interval; "
        "at most ten. Before and after rest on the same data.",
        chart=None,
        rows=rows,
        metric="",
        source="the log of definitions",
        alt=title,
        shown=[describe_move(row) for row in rows],
    )


def describe_move(row: DictRow) -> DictRow:
    """Describes one figure before and after."""
    part = [row[name] for name in ("channel_kind", "channel_role", "segment", "statistic", "window")]
    before, after = (
        f"{row[f'{age}_value']:,.4g} ({_format_end(row[f'{age}_low'])} to {_format_end(row[f'{age}_high'])}), "
        f"n = {row[f'{age}_n']:,}"
        for age in ("old", "new")
    )
    return {
        "metric": row["name"],
        "family": row["family_id"],
        "figure": ", ".join(part),
        "before": before,
        "after": after,
        "widths": round(row["widths"], 1),
    }


def _format_end(value: float | None) -> str:
    return "open" if value is None else f"{value:,.4g}"
