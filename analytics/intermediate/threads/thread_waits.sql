-- question: What does each asker wait for, from when, and until when?
-- grain: subject, item_id, segment
-- unit: none
-- standard: none
-- caveats: Rows for survival_durations, of the subjects `response`, `dialogue`, `first`, `resolution` and `help`.
--   `known_until_at` says where replies are missing: until then all are held, and what came later may have been missed;
--   empty where nothing is missing, and for `resolution`, which rests on no reply. Threads opened by bots or that name
--   no single family are absent.
-- by: family
-- version: 1
with requests as (
    select *, case when is_before_reach then 'before reach' end as reason
    from metrics.thread_responses
    where family_id is not null and author_role <> 'bot'
),

reported as (
    select distinct thread_id
    from (select thread_id, lower(unnest(label_names)) as label from staging.threads) as l
    where label like 'bug%' or label like '%: bug' or label like '%:bug' or label like '%/bug'
)

select
    'response' as subject, t.thread_id as item_id, t.family_id, t.channel_kind, t.channel_role,
    t.is_own as is_pooled, true as is_apart, s.segment, t.age_days, t.opened_at as from_at, t.observed_until_at,
    case s.segment when 'anyone' then t.first_anyone_at
        when 'staff' then t.first_staff_at
        when 'maintainer' then t.first_maintainer_at
        when 'outsider' then t.first_outsider_at
        when 'agent' then t.first_agent_at
        when 'with_me_too' then t.first_person_at else least(t.first_anyone_at, t.first_agent_at, t.first_bot_at)
    end as until_at,
    cast(null as varchar) as cause, t.reason, t.known_until_at
from requests as t
cross join (values ('anyone'), ('staff'), ('maintainer'), ('outsider'), ('agent'), ('anything'),
    ('with_me_too')) as s (segment)
union all
select
    'response', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, s.is_apart, s.segment,
    t.age_days, t.opened_at, t.observed_until_at,
    case s.segment when 'bots:strict' then b.strict_at when 'bots:lenient' then b.lenient_at
        else t.first_anyone_at end, null, t.reason, t.known_until_at
from requests as t
join metrics.survival_segments as s on s.thread_id = t.thread_id and (s.is_apart or t.is_own)
left join metrics.bot_rule_answers as b on b.thread_id = t.thread_id
union all
select
    'dialogue', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, true, 'all', t.age_days,
    d.follow_up_at, t.observed_until_at, d.followed_at, null, t.reason, t.known_until_at
from requests as t join metrics.thread_dialogues as d on d.thread_id = t.thread_id
union all
select
    'first', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, true, 'all', t.age_days,
    t.opened_at, t.observed_until_at, e.first_at, e.first_cause, coalesce(t.reason, e.exclusion_reason),
    t.known_until_at
from requests as t join metrics.thread_ends as e on e.thread_id = t.thread_id
union all
select
    'resolution', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, true, s.segment, t.age_days,
    t.opened_at, t.observed_until_at, e.ended_at, e.end_cause,
    coalesce(t.reason, e.exclusion_reason), null
from requests as t join metrics.thread_ends as e on e.thread_id = t.thread_id
left join reported as b on b.thread_id = t.thread_id
join (values ('all'), ('bug')) as s (segment) on s.segment = 'all' or b.thread_id is not null
where t.channel_kind = 'tracker'
union all
select 'help', w.thread_id, w.family_id, w.channel_kind, w.channel_role, w.is_pooled, true, w.segment, w.age_days,
    w.opened_at, w.observed_until_at, w.helped_at, null, w.exclusion_reason, w.help_known_until_at
from metrics.help_waits as w
