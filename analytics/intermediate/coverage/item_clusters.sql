-- question: Which items depend on each other, because one event, week or person brought them about?
-- grain: item_id
-- unit: none
-- standard: none
-- caveats: `cluster_id` is the channel and ISO week in which a thread was opened, for the thread and its replies alike,
--   and for a change likewise; the page and its run of incidents, each of which began within six hours of the one
--   before; the page and day on which notices were announced. `answerer_id` is who wrote a reply, and for a thread the
--   first person other than the asker who replied. An item that is not here depends on no other.
-- version: 1
with first_answers as (
    select u.thread_id, min_by(r.actor_id, (r.replied_at, r.reply_id)) as answerer_id
    from metrics.thread_turns as u
    join staging.replies as r on r.reply_id = u.reply_id
    where u.is_answer
    group by u.thread_id
),

starts as (
    select
        channel_id, incident_id, started_at, coalesce(
            date_diff('microsecond', lag(started_at) over on_page, started_at) > 6 * 3600e6, true
        ) as is_first
    from metrics.incident_windows
    window on_page as (partition by channel_id order by started_at nulls last, incident_id)
),

members as (
    select
        t.thread_id as item_id, t.channel_id || '/' || strftime(t.opened_at, '%G-W%V') as cluster_id, a.answerer_id
    from staging.threads as t
    left join first_answers as a on a.thread_id = t.thread_id
    union all
    select r.reply_id, t.channel_id || '/' || strftime(t.opened_at, '%G-W%V'), r.actor_id
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    union all
    select change_id, channel_id || '/' || strftime(opened_at, '%G-W%V'), null from staging.changes
    union all
    select
        channel_id || '#' || incident_id, channel_id || '/' || cast(sum(case when is_first then 1 else 0 end) over (
            partition by channel_id order by started_at nulls last, incident_id
        ) as varchar), null
    from starts
    union all
    select
        notice_id, channel_id || '/' || coalesce(cast(first_announced_on as varchar), 'undated'), null
    from metrics.model_notices
)

-- A forum numbers its topics and its posts apart, so that two items may bear one id.
select item_id, min(cluster_id) as cluster_id, min(answerer_id) as answerer_id
from members
group by item_id
