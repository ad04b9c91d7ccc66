"""
question: How many threads of each group are of the same kind: as many items, as many of them with the property?
grain: metric, segment, statistic, family_id, channel_kind, channel_id, question_type, language, age_group,
  items_count, yes_count
unit: threads
standard: none
caveats: For the shares that a claim or a headline names, in channels of the family's own, without the items that
  the metric leaves out. Replies of one thread are counted together, because they are not independent; an item that
  is neither thread nor reply stands for itself. Everything that is resampled or matched is made from these counts.
  Waits count as answered in time or not if they were observed that long. In Python: it reads other queries.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, engine/items.py
version: 1
"""

import duckdb
import pyarrow as pa

from analytics.claims.reader import BOT_RULES, MetricStatistic, read_claims, read_headlines
from analytics.engine.items import Items, read_share_items

CELLS = """
with items as (
    {query}
),

kept as (
    select
        {cluster} as cluster_id, i.family_id, i.channel_kind, i.segment, i.statistic, i.age_days, i.is_yes
    from items as i
    {replies}
    where i.is_pooled and i.exclusion_reason is null and i.family_id is not null
        and i.segment in ({segments}) and i.statistic in ({statistics})
),

clusters as (
    select
        cluster_id, family_id, channel_kind, segment, statistic, max(age_days) as age_days,
        count(*) as items_count, count(*) filter (where is_yes) as yes_count
    from kept
    group by cluster_id, family_id, channel_kind, segment, statistic
)

select
    '{metric}' as metric, k.segment, k.statistic, k.family_id, f.side, k.channel_kind,
    coalesce(g.channel_id, 'unknown') as channel_id,
    coalesce(g.question_type, 'unknown') as question_type, coalesce(g.language, 'unknown') as language,
    case
        when k.age_days <= 30 then '30d' when k.age_days <= 90 then '90d' when k.age_days <= 365 then '365d' else 'all'
    end as age_group,
    k.items_count, k.yes_count, count(*) as threads_count
from clusters as k
join staging.families as f on f.family_id = k.family_id
left join thread_groups as g on g.thread_id = k.cluster_id
group by all
"""
GROUPS = """
create or replace temp table thread_groups as
select
    t.thread_id, t.channel_id,
    max(substr(s.segment, 6)) filter (where s.segment like 'type:%') as question_type,
    max(substr(s.segment, 10)) filter (where s.segment like 'language:%') as language
from metrics.thread_responses as t
left join metrics.thread_segments as s on s.thread_id = t.thread_id and s.segment <> 'all'
group by t.thread_id, t.channel_id
"""


def item_cells(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Counts the threads of each kind in each group, one row per kind."""
    wanted: dict[str, list[MetricStatistic]] = {}
    tests = [test for claim in read_claims() for test in claim.tests if test.scale == "difference"]
    for figure in (
        *read_headlines(),
        *tests,
        *(test.with_bot_rule(rule) for test in tests if test.bots for rule in BOT_RULES),
    ):
        wanted.setdefault(figure.metric, []).append(figure)
    connection.execute(GROUPS)
    queries = [
        render_cells_query(items, figures)
        for name, figures in sorted(wanted.items())
        if (items := read_share_items(name))
    ]
    cells = pa.concat_tables([connection.sql(query).to_arrow_table() for query in queries])
    connection.execute("drop table thread_groups")
    return cells


def render_cells_query(items: Items, figures: list[MetricStatistic]) -> str:
    """Renders the query that counts the threads of one metric; it reads the temporary table of their groups."""
    return CELLS.format(
        query=items.query, metric=items.metric, segments=_quote_words(figure.segment for figure in figures),
        statistics=_quote_words(figure.statistic for figure in figures),
        cluster="coalesce(r.thread_id, i.item_id)" if items.is_of_replies else "i.item_id",
        replies="left join staging.replies as r on r.reply_id = i.item_id" if items.is_of_replies else "",
    )  # fmt: skip


def _quote_words(words: object) -> str:
    return ", ".join(f"'{word}'" for word in sorted(set(words)))  # type: ignore[call-overload]
