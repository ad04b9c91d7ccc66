-- question: Which changes, incidents and notices depend on each other, because one event or week brought them about?
-- grain: item_id
-- caveats: `cluster_id` is the channel and ISO week in which a change was opened; the page and its run of incidents, each
--   of which began within six hours of the one before; the page and day on which notices were announced. `cluster_key`
--   is its number. Threads are in thread_clusters, their replies in action_clusters.
with starts as (
    select
        channel_id, family_id, incident_id, started_at, coalesce(
            date_diff('microsecond', lag(started_at) over on_page, started_at) > 6 * 3600e6, true
        ) as is_first
    from metrics.incident_windows
    window on_page as (partition by channel_id order by started_at nulls last, incident_id)
),

others as (
    select change_id as item_id, family_id, channel_id || '/' || strftime(opened_at, '%G-W%V') as cluster_id
    from staging.changes
    union all
    select
        channel_id || '#' || incident_id, family_id,
        channel_id || '/' || cast(sum(case when is_first then 1 else 0 end)
            over (partition by channel_id order by started_at nulls last, incident_id) as varchar)
    from starts
    union all
    select notice_id, family_id, channel_id || '/' || coalesce(cast(first_announced_on as varchar), 'undated')
    from metrics.model_notices
)

select *, case when cluster_id is not null then hash(md5(cluster_id)) end as cluster_key
from others
