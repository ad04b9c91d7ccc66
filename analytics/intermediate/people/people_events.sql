-- question: Who did what in the channels that concern each family, and when?
-- grain: activity, event_id
-- caveats: People ask (open a thread), answer (reply to somebody else's thread) and contribute (propose a change).
--   Bots, agents and deleted accounts are excluded. A person is an account of one source, with respect to one family:
--   nobody is tracked from one source to another. Activity before `read_from_at` is unknown; if everything was read, it
--   is the time of the first activity.
with events as (
    select
        'askers' as activity, thread_id as event_id, family_id, channel_id, thing, channel_kind, channel_role,
        actor_id, author_role, url, opened_at as done_at, read_from_at
    from staging.threads
    union all
    select
        'answerers', r.reply_id, t.family_id, t.channel_id, t.thing, t.channel_kind, t.channel_role, r.actor_id,
        r.author_role, r.url, r.replied_at, t.read_from_at
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    where r.is_answer
    union all
    select
        'contributors', change_id, family_id, channel_id, 'pulls', 'tracker', channel_role, actor_id, author_role, url,
        opened_at, null
    from staging.changes
),

dated as (
    select
        e.* exclude (read_from_at), n.source,
        coalesce(n.family_id = e.family_id, false) as is_pooled,
        coalesce(e.read_from_at, v.reach_at, min(e.done_at) over (partition by e.channel_id, e.thing)) as read_from_at,
        v.clock_at
    from events as e
    left join staging.channels as n on n.channel_id = e.channel_id
    left join staging.visits as v on v.channel_id = e.channel_id and v.thing = e.thing
)

select
    activity, event_id, concat_ws(' ', family_id, source, actor_id) as person_id, family_id, source, channel_id, thing,
    channel_kind, channel_role, is_pooled, url, done_at, read_from_at, clock_at
from dated
where family_id is not null and actor_id is not null and author_role not in ('bot', 'agent', 'unknown')
