"""Balance of a comparison: how alike the items of the two sides are, before and after like is compared with like."""

from typing import Any

import duckdb

from analytics.claims.comparing import AGES
from analytics.claims.reader import MetricStatistic

BALANCE = """
with cells as (
    select
        family_id, side, channel_kind, channel_role, question_type, language, age_group,
        concat_ws('/', channel_kind, channel_role, {likeness}) as stratum, sum(items_count) as items
    from metrics.item_cells
    where metric = ? and segment = ? and statistic = ? and list_contains(?, age_group)
        and side in ('open', 'proprietary')
        and family_id not in (select family_id from staging.families where ended_on is not null)
    group by all
),

strata as (
    select
        stratum, coalesce(sum(items) filter (where side = 'open'), 0) as open_items,
        coalesce(sum(items) filter (where side = 'proprietary'), 0) as other_items
    from cells
    group by stratum
),

weighed as (
    select
        c.*, c.items / sum(c.items) over (partition by c.family_id) as family_weight,
        c.items * case c.side when 'open' then s.other_items else s.open_items end
        / (s.open_items + s.other_items) as overlap_weight, s.open_items > 0 and s.other_items > 0 as is_used
    from cells as c
    join strata as s on s.stratum = c.stratum
),

used as (
    select
        coalesce(sum(items) filter (where side = 'open' and is_used) / sum(items) filter (where side = 'open'), 0)
            as open_used_share,
        coalesce(
            sum(items) filter (where side = 'proprietary' and is_used) / sum(items) filter (where side = 'proprietary'),
            0
        ) as proprietary_used_share,
        not coalesce(bool_or(is_both), false) as is_unlike
    from weighed
    cross join lateral (
        select exists (
            select 1 from cells as o
            where o.side <> weighed.side and o.channel_kind = weighed.channel_kind
                and o.channel_role = weighed.channel_role
        ) as is_both
    )
),

classes as (
    select
        v.variable, v.class, w.side, sum(w.family_weight) as family_weight, sum(w.overlap_weight) as overlap_weight
    from weighed as w
    cross join lateral (values
        ('channel_kind', w.channel_kind), ('channel_role', w.channel_role), ('question_type', w.question_type),
        ('language', w.language), ('age_group', w.age_group)
    ) as v (variable, class)
    group by all
),

shares as (
    select
        variable, class, side, family_weight / sum(family_weight) over (partition by variable, side) as before,
        overlap_weight / nullif(sum(overlap_weight) over (partition by variable, side), 0) as after
    from classes
),

gaps as (
    select
        variable, class,
        coalesce(sum(before) filter (where side = 'open'), 0) as open_before,
        coalesce(sum(before) filter (where side = 'proprietary'), 0) as other_before,
        coalesce(sum(after) filter (where side = 'open'), 0) as open_after,
        coalesce(sum(after) filter (where side = 'proprietary'), 0) as other_after
    from shares
    group by variable, class
)

select
    g.variable,
    max(abs(open_before - other_before) / greatest(sqrt(
        (open_before + other_before) / 2 * (1 - (open_before + other_before) / 2)), 1e-9)) as gap_before,
    case when any_value(u.open_used_share) > 0 then max(abs(open_after - other_after) / greatest(sqrt(
        (open_after + other_after) / 2 * (1 - (open_after + other_after) / 2)), 1e-9)) end as gap_after,
    any_value(u.open_used_share) as open_used_share, any_value(u.proprietary_used_share) as proprietary_used_share,
    any_value(u.is_unlike) as is_unlike
from gaps as g
cross join used as u
group by g.variable
order by g.variable
"""
COLUMNS = ("variable", "gap_before", "gap_after", "open_used_share", "proprietary_used_share", "is_unlike")


def measure_balance(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str
) -> list[dict[str, Any]]:
    """Measures each variable in standard deviations of both sides together, and the share of items that are used."""
    query = BALANCE.format(likeness=", ".join(figure.matched_by) or "'all'")
    rows = connection.execute(query, [*figure.key, AGES[window]]).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]
