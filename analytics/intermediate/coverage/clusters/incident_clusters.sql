-- question: Which incidents depend on each other because they came in one run?
-- grain: item_id
-- caveats: `cluster_id` is the page and its run of incidents, each of which began within six hours of the one before.
--   `cluster_key` stands for it.
-- by: family
with starts as (
    select
        channel_id, family_id, incident_id, started_at, coalesce(
            date_diff('microsecond', lag(started_at) over on_page, started_at) > 6 * 3600e6, true
        ) as is_first
    from metrics.incident_windows
    window on_page as (partition by channel_id order by started_at nulls last, incident_id)
),

items as (
    select
        channel_id || '#' || incident_id as item_id, family_id,
        channel_id || '/' || cast(sum(case when is_first then 1 else 0 end)
            over (partition by channel_id order by started_at nulls last, incident_id) as varchar) as cluster_id,
        cast(null as varchar) as answerer_id
    from starts
)

select
    *, case when cluster_id is not null then hash(md5(cluster_id)) end as cluster_key,
    case when answerer_id is not null then hash(md5(answerer_id)) end as answerer_key
from items
