"""
question: How many items of each group have the property, channel by channel and week by week?
grain: metric, segment, statistic, family_id, channel_kind, channel_role, question_type, language, age_group,
  cluster_id, answerer_id
unit: items
standard: none
caveats: For the shares that a claim or a headline names, in channels of the family's own, without the items that the
  metric leaves out. Two families may only be compared within a group (rule R5); unknown properties form a group of
  their own, called unknown. Items of which it could not be seen whether they have the property are counted apart
  (`unseen_count`). Items of one channel and week are kept together, because they are not independent; an item that
  depends on no other stands for itself. So are, of shares of answers and of fixes, those by one person (`answerer_id`,
  empty for other shares). Everything that is ranked or matched is made from these counts. Waits count
  as answered in time or not if they were watched for so long. In Python: it is made of other queries.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, engine/items.py
reads: items
by: family
version: 5
"""

from collections.abc import Iterable

import duckdb

from analytics.claims.reader import READINGS, MetricStatistic, read_claims, read_headlines
from analytics.engine.items import Items, read_share_items
from analytics.engine.making import Restrict

CELLS = """
with items as (
    {query}
)

select
    '{metric}' as metric, i.segment, i.statistic, i.family_id, f.side, i.channel_kind, i.channel_role,
    coalesce(g.question_type, 'unknown') as question_type, coalesce(g.language, 'unknown') as language,
    case
        when i.age_days <= 30 then '30d' when i.age_days <= 90 then '90d' when i.age_days <= 365 then '365d' else 'all'
    end as age_group,
    coalesce(k.cluster_id, i.item_id) as cluster_id, {answerer} as answerer_id,
    count(*) filter (where not coalesce(i.is_unseen, false)) as items_count,
    count(*) filter (where i.is_yes and not coalesce(i.is_unseen, false)) as yes_count,
    count(*) filter (where i.is_unseen) as unseen_count
from items as i
{replies}
join staging.families as f on f.family_id = i.family_id
left join thread_groups as g on g.thread_id = {thread}
left join metrics.item_clusters as k on k.item_id = i.item_id
where i.is_pooled and i.exclusion_reason is null
    and i.segment in ({segments}) and i.statistic in ({statistics})
group by all
"""
ALL_CELLS = """
with thread_groups as materialized (
    select
        t.thread_id,
        max(substr(s.segment, 6)) filter (where s.segment like 'type:%') as question_type,
        max(substr(s.segment, 10)) filter (where s.segment like 'language:%') as language
    from metrics.thread_responses as t
    left join metrics.thread_segments as s on s.thread_id = t.thread_id and s.segment <> 'all'
    group by t.thread_id
)

{cells}
"""


def item_cells(_: duckdb.DuckDBPyConnection, restrict: Restrict) -> str:
    """Writes the statement that counts the items of each group, one row per channel and week."""
    wanted: dict[str, list[MetricStatistic]] = {}
    tests = [test for claim in read_claims() for test in claim.tests if test.scale == "difference"]
    for figure in (
        *read_headlines(),
        *tests,
        *(other for test in tests for rule in READINGS if (other := test.read_by(rule))),
    ):
        wanted.setdefault(figure.metric, []).append(figure)
    found = ((read_share_items(name), figures) for name, figures in sorted(wanted.items()))
    return restrict(render_cells((items, figures) for items, figures in found if items))


def render_cells(wanted: Iterable[tuple[Items, list[MetricStatistic]]]) -> str:
    """Renders the statement that counts the items of some metrics."""
    queries = (f"select * from ({_render_cells_query(items, figures)})" for items, figures in wanted)
    return ALL_CELLS.format(cells="\nunion all\n".join(queries))


def _render_cells_query(items: Items, figures: list[MetricStatistic]) -> str:
    return CELLS.format(
        query=items.query, metric=items.metric, segments=_quote_words(figure.segment for figure in figures),
        statistics=_quote_words(figure.statistic for figure in figures),
        thread="coalesce(r.thread_id, i.item_id)" if items.is_of_replies else "i.item_id",
        answerer=items.person or "cast(null as varchar)",
        replies="left join staging.replies as r on r.reply_id = i.item_id" if items.is_of_replies else "",
    )  # fmt: skip


def _quote_words(words: object) -> str:
    return ", ".join(f"'{word}'" for word in sorted(set(words)))  # type: ignore[call-overload]
