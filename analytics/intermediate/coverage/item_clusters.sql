-- question: Which items depend on each other, because one event, week or person brought them about?
-- grain: item_id
-- caveats: `cluster_id` is the channel and ISO week in which a thread was opened, for the thread and its replies alike,
--   and for a change likewise; the page and its run of incidents, each of which began within six hours of the one
--   before; the page and day on which notices were announced. `answerer_id` is who wrote a reply, and for a thread the
--   first person other than the asker who replied. `cluster_key` and `answerer_key` stand for them. An item that is not
--   here depends on no other.
-- by: family
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
),

items as (
    select item_id, family_id, cluster_id, cluster_key, answerer_id from metrics.thread_clusters
    union all
    select r.reply_id, t.family_id, t.cluster_id, t.cluster_key, r.actor_id
    from staging.replies as r
    join metrics.thread_clusters as t on t.item_id = r.thread_id
    union all
    select *, case when cluster_id is not null then hash(md5(cluster_id)) end, null from others
)

select *, case when answerer_id is not null then hash(md5(answerer_id)) end as answerer_key
from items
