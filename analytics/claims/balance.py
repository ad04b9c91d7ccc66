"""Balance of a comparison: how alike the items of the two sides are, before and after like is compared with like."""

from collections.abc import Sequence
from typing import Any

import duckdb

from analytics.claims.like_items import AGES
from analytics.claims.reader import MetricStatistic

BALANCE = """
with wanted as (
    select unnest(?, recursive := true), generate_subscripts(?, 1) as number
),

cells as (
    select
        w.number, c.family_id, c.side, c.channel_kind, c.channel_role, c.question_type, c.language, c.age_group,
        concat_ws(
            '/', c.channel_kind, c.channel_role,
            case when list_contains(w.likeness, 'question_type') then c.question_type end,
            case when list_contains(w.likeness, 'language') then c.language end,
            case when list_contains(w.likeness, 'age_group') then c.age_group end
        ) as stratum, sum(c.items_count) as items, sum(c.unseen_count) as unseen
    from wanted as w
    join metrics.item_cells as c
        on c.metric = w.metric and c.segment = w.segment and c.statistic = w.statistic
        and list_contains(w.ages, c.age_group)
    where c.side in ('open', 'proprietary')
        and c.family_id not in (select family_id from staging.families where ended_on is not null)
    group by all
),

strata as (
    select
        number, stratum, coalesce(sum(items) filter (where side = 'open'), 0) as open_items,
        coalesce(sum(items) filter (where side = 'proprietary'), 0) as other_items
    from cells
    group by number, stratum
),

weighed as (
    select
        c.*,
        coalesce(c.items / nullif(sum(c.items) over (partition by c.number, c.family_id), 0), 0) as family_weight,
        coalesce(c.items * case c.side when 'open' then s.other_items else s.open_items end
        / nullif(s.open_items + s.other_items, 0), 0) as overlap_weight,
        s.open_items > 0 and s.other_items > 0 as is_used
    from cells as c
    join strata as s on s.number = c.number and s.stratum = c.stratum
),

used as (
    select
        number,
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
            where o.number = weighed.number and o.side <> weighed.side and o.channel_kind = weighed.channel_kind
                and o.channel_role = weighed.channel_role
        ) as is_both
    )
    group by number
),

unseen as (
    select
        number,
        avg(share) filter (where side = 'open') as open_unseen_share,
        avg(share) filter (where side = 'proprietary') as proprietary_unseen_share
    from (
        select number, side, family_id, sum(unseen) / nullif(sum(items) + sum(unseen), 0) as share
        from weighed
        where is_used
        group by number, side, family_id
    )
    group by number
),

classes as (
    select
        w.number, v.variable, v.class, w.side, sum(w.family_weight) as family_weight,
        sum(w.overlap_weight) as overlap_weight
    from weighed as w
    cross join lateral (values
        ('channel_kind', w.channel_kind), ('channel_role', w.channel_role), ('question_type', w.question_type),
        ('language', w.language), ('age_group', w.age_group)
    ) as v (variable, class)
    group by all
),

shares as (
    select
        number, variable, class, side,
        family_weight / sum(family_weight) over (partition by number, variable, side) as before,
        overlap_weight / nullif(sum(overlap_weight) over (partition by number, variable, side), 0) as after
    from classes
),

gaps as (
    select
        number, variable, class,
        coalesce(sum(before) filter (where side = 'open'), 0) as open_before,
        coalesce(sum(before) filter (where side = 'proprietary'), 0) as other_before,
        coalesce(sum(after) filter (where side = 'open'), 0) as open_after,
        coalesce(sum(after) filter (where side = 'proprietary'), 0) as other_after
    from shares
    group by number, variable, class
)

select
    g.number, g.variable,
    round(max(abs(open_before - other_before) / greatest(sqrt(
        (open_before + other_before) / 2 * (1 - (open_before + other_before) / 2)), 1e-9)), 10) as gap_before,
    case when any_value(u.open_used_share) > 0 then round(max(abs(open_after - other_after) / greatest(sqrt(
        (open_after + other_after) / 2 * (1 - (open_after + other_after) / 2)), 1e-9)), 10) end as gap_after,
    round(any_value(u.open_used_share), 10) as open_used_share,
    round(any_value(u.proprietary_used_share), 10) as proprietary_used_share,
    any_value(u.is_unlike) as is_unlike,
    round(any_value(n.open_unseen_share), 10) as open_unseen_share,
    round(any_value(n.proprietary_unseen_share), 10) as proprietary_unseen_share
from gaps as g
join used as u on u.number = g.number
left join unseen as n on n.number = g.number
group by g.number, g.variable
order by g.number, g.variable
"""
COLUMNS = (
    "variable", "gap_before", "gap_after", "open_used_share", "proprietary_used_share", "is_unlike",
    "open_unseen_share", "proprietary_unseen_share",
)  # fmt: skip


def measure_balances(
    connection: duckdb.DuckDBPyConnection, comparisons: Sequence[tuple[MetricStatistic, str]]
) -> list[list[dict[str, Any]]]:
    """Measures each variable of each comparison (a figure in a window), in standard deviations of both sides together,
    and the share of items that are used."""
    # One statement for all: to plan it takes a hundred times as long as to run it.
    wanted = [
        {"metric": figure.metric, "segment": figure.segment, "statistic": figure.statistic, "ages": AGES[window],
         "likeness": list(figure.matched_by)}
        for figure, window in comparisons
    ]  # fmt: skip
    measured: list[list[dict[str, Any]]] = [[] for _ in comparisons]
    for number, *values in connection.execute(BALANCE, [wanted, wanted]).fetchall() if wanted else ():
        measured[number - 1].append(dict(zip(COLUMNS, values, strict=True)))
    return measured
