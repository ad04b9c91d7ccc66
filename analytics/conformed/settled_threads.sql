-- question: Which requests for help exist, by the roles that count, and which family do they concern?
-- grain: thread_id
-- stored: no
-- phase: families
-- caveats: A thread of a family's own channel concerns that family; a thread of a channel shared by many families
--   concerns the family of its attribution, and family_id is null if there is none. Discussions are of the kind
--   forum, wherever they are held. If fewer replies were collected than the source counts, has_all_replies is false:
--   missing replies are unknown, not silence, and came after replies_known_until_at. Roles assigned by hand, and bots
--   recognised by behaviour, are taken from accounts. Classes and languages are read since reader
--   version 2: older rows have none, and each of the eleven topics of version 2 counts as the class that it belongs
--   to. A fix is a change that, according to the forge, closed the thread: a lower bound, because people also close
--   fixed threads by hand. If a thread was read without the token that it needs, has_all_fields is false: how it was
--   closed, by whom, and whether it was reopened is unknown. All threads of a channel are observed until its clock
--   (see visits): those opened later are missing, and what came later to the others has not happened yet. Were each
--   observed until it last changed, those that are answered would be watched longest. One that was closed at the clock
--   and has been opened again since is open.
with requests as (
    select
        r.* exclude (fix_seen_at) replace (
            if(r.closed_at > v.clock_at, 'open', r.state) as state,
            if(r.closed_at > v.clock_at, null, r.closed_at) as closed_at,
            if(r.closed_at > v.clock_at, null, r.close_reason) as close_reason,
            if(r.closed_at > v.clock_at, null, r.closed_by_role) as closed_by_role,
            if(r.first_closed_at > v.clock_at, null, r.first_closed_at) as first_closed_at,
            if(r.reopened_at > v.clock_at, null, r.reopened_at) as reopened_at,
            if(r.fix_seen_at > v.clock_at, null, r.fixed_at) as fixed_at,
            if(r.fix_seen_at > v.clock_at, null, r.fixed_by_id) as fixed_by_id,
            if(r.fix_seen_at > v.clock_at, null, r.fixed_by_role) as fixed_by_role,
            if(r.fix_seen_at > v.clock_at, null, r.fix_url) as fix_url,
            if(r.accepted_at > v.clock_at, null, r.accepted_at) as accepted_at,
            if(r.accepted_at > v.clock_at, false, r.has_accepted) as has_accepted
        ),
        -- Without a visit that read all changes it is not known what became of a thread since it was seen.
        if(v.is_watched, v.clock_at, least(v.clock_at, r.seen_at)) as clock_at
    from (
        select *, greatest(fixed_at, coalesce(first_closed_at, closed_at)) as fix_seen_at from staging.thread_rows
    ) as r
    left join staging.visits as v on v.channel_id = r.channel_id and v.thing = r.thing
    where coalesce(r.opened_at <= v.clock_at, true)
),

-- Readers before version 3 stated eleven topics apart.
earlier as (
    select topic, class
    from (values
        ('set-up', 'getting it to run'), ('hardware', 'getting it to run'), ('docs', 'using it'),
        ('fine-tuning', 'using it'), ('api-error', 'something broke'), ('quality', 'something broke'),
        ('refusal', 'something broke'), ('billing', 'account and money'), ('licence', 'account and money'),
        ('feature', 'other')
    ) as t (topic, class)
),

collected as (
    select
        channel_id, thread_code, count(*) as replies_count, min(replied_at) filter (where is_accepted) as accepted_at,
        max(replied_at) filter (where has_all_earlier) as replies_known_until_at
    from staging.reply_rows
    group by channel_id, thread_code
)

select
    r.channel_id || '#' || r.thread_code as thread_id,
    r.channel_id, r.thing,
    case when c.family_id = '_shared' then a.family_id else c.family_id end as family_id,
    c.source,
    case when r.thing = 'discussions' then 'forum' else c.channel_kind end as channel_kind,
    c.role as channel_role,
    r.number, r.title, r.url, r.actor_id,
    case
        when b.settled_role is null and b.is_bot_by_behaviour and r.author_role <> 'agent' then 'bot'
        else coalesce(b.settled_role, r.author_role)
    end as author_role,
    r.opened_at, r.closed_at, r.state, r.close_reason, r.closed_by_role,
    r.first_closed_at, r.reopened_at, r.fixed_at, r.fixed_by_id,
    case
        when f.settled_role is null and f.is_bot_by_behaviour and r.fixed_by_role <> 'agent' then 'bot'
        else coalesce(f.settled_role, r.fixed_by_role)
    end as fixed_by_role,
    r.fix_url, r.has_all_fields,
    r.has_accepted and coalesce(k.accepted_at <= r.clock_at, true) as has_accepted, r.accepted_at, r.replies_count,
    coalesce(k.replies_count, 0) >= r.replies_count or coalesce(k.replies_known_until_at >= r.clock_at, false)
        as has_all_replies,
    case when not has_all_replies then coalesce(k.replies_known_until_at, r.opened_at) end as replies_known_until_at,
    coalesce(e.class, r.question_type) as question_type, r.language, r.has_code, r.has_patch,
    r.has_command, r.words_count,
    r.reader_version, r.clock_at as observed_until_at, r.seen_at
from requests as r
join raw.catalog__channels as c on c.channel_id = r.channel_id
left join earlier as e on e.topic = r.question_type
left join collected as k on k.channel_id = r.channel_id and k.thread_code = r.thread_code
left join staging.attributions as a on a.channel_id = r.channel_id and a.thread_code = r.thread_code
left join staging.account_roles as b on b.source = c.source and b.actor_id = r.actor_id
left join staging.account_roles as f on f.source = c.source and f.actor_id = r.fixed_by_id
