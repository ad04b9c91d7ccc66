"""
question: How many items of each group have the property, week by week and person by person?
grain: metric, segment, statistic, family_id, channel_kind, channel_role, question_type, language, age_group, week,
  person_key
unit: items
caveats: For the shares that a claim or a headline names, in channels of the family's own, without the items that the
  metric leaves out. Families may only be compared within a group (rule R5); unknown properties form one of their own.
  `unseen_count` is of items of which it could not be seen whether they have the property; `week` counts back from the
  clock; `person_key` is who answered or fixed it, if items of one person are alike. Waits count as answered in
  time or not if they were watched for so long.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, engine/items.py
reads: items
"""

from itertools import groupby

import duckdb

from analytics.claims.reader import MetricStatistic, list_item_figures
from analytics.engine.items import Items, read_share_items
from analytics.engine.shapes import render_person

GROUPED = """
    select
        '{metric}' as metric, i.segment, i.statistic, i.family_id, f.side, i.channel_kind, i.channel_role,
        coalesce(g.question_type, 'unknown') as question_type, coalesce(g.language, 'unknown') as language,
        case
            when i.age_days <= 30 then '30d' when i.age_days <= 90 then '90d' when i.age_days <= 365 then '365d'
            else 'all'
        end as age_group,
        cast(floor(i.age_days / 7) as bigint) as week, {person} as person_key,
        count(*) filter (where not coalesce(i.is_unseen, false)) as items_count,
        count(*) filter (where i.is_yes and not coalesce(i.is_unseen, false)) as yes_count,
        count(*) filter (where i.is_unseen) as unseen_count
    from ({query}) as i
    join staging.families as f on f.family_id = i.family_id
    left join staging.threads as g on g.thread_id = i.item_id
    where i.is_pooled and i.exclusion_reason is null
        and (i.segment, i.statistic) in ({figures})
    group by all
"""


def item_cells(_: duckdb.DuckDBPyConnection) -> list[str]:
    """Writes the statements that count the items of each group, one row per week and person: one for each metric, since
    one for all would hold what they need at once."""
    figures = groupby(list_item_figures(), lambda figure: figure.metric)
    found = ((read_share_items(metric), list(own)) for metric, own in figures)
    return [render_cells(items, own) for items, own in found if items]


def render_cells(items: Items, figures: list[MetricStatistic]) -> str:
    """Renders the statement that counts items of figures of one metric by group, week and person."""
    return GROUPED.format(
        query=items.query, metric=items.metric, person=render_person(items.query),
        figures=", ".join(str((figure.segment, figure.statistic)) for figure in figures),
    )  # fmt: skip
