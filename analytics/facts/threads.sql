-- question: Which requests for help exist, which family do they concern, and when did each role first answer them?
-- grain: thread_id
-- published: yes
-- caveats: As settled_threads. The asker's own comments, those of bots and those that only join in are not answers (see
--   replies); `first_person_at` is the first reply by another person whatever it says. Agents are separate. Threads
--   opened by bots are not requests for help. `is_own` is false for threads of channels shared by many families, which
--   are attributed by what they mention. Threads older than the completely read period are known only if something
--   happened to them later (`is_before_reach`). A reply that is held answers, whatever else is missing; if replies are
--   missing, one that came within `known_hours` is surely the first, and a thread without one may have been answered
--   later than that (outcome `not seen`). Where replies are not read oldest first (see reply_rows) a thread was answered
--   at the latest when the first reply held says. Sources tell the roles that people have now: in a thread from before
--   the first visit (`is_before_visits`) they are those at that visit.
with answers as (
    select
        thread_id, min(replied_at) filter (where is_answer) as first_anyone_at,
        min(replied_at) filter (where is_answer and turn_role = 'staff') as first_staff_at,
        min(replied_at) filter (where is_answer and turn_role = 'maintainer') as first_maintainer_at,
        min(replied_at) filter (where is_answer and turn_role = 'outsider') as first_outsider_at,
        min(replied_at) filter (where is_answer and turn_role = 'unknown') as first_unknown_at,
        min(replied_at) filter (where turn_role = 'agent') as first_agent_at,
        min(replied_at) filter (where turn_role = 'bot') as first_bot_at,
        min(replied_at) filter (where is_answer or is_joining_in) as first_person_at
    from staging.replies
    group by thread_id
)

select
    t.* exclude (has_all_replies, replies_known_until_at), coalesce(c.family_id = t.family_id, false) as is_own,
    coalesce(t.has_all_replies, true) as has_all_replies,
    case when not t.has_all_replies then coalesce(t.replies_known_until_at, t.opened_at) end as known_until_at,
    date_diff('microsecond', t.opened_at, known_until_at) / 3600e6 as known_hours,
    coalesce(t.opened_at < v.reach_at, false) as is_before_reach,
    coalesce(t.opened_at < v.first_run_at, false) as is_before_visits, v.first_run_at as roles_known_from_at,
    date_diff('microsecond', t.opened_at, coalesce(v.as_of_at, v.last_run_at, v.last_thread_at)) / 86400e6 as age_days,
    a.first_anyone_at, a.first_staff_at, a.first_maintainer_at, a.first_outsider_at, a.first_unknown_at,
    a.first_agent_at, a.first_bot_at, a.first_person_at,
    case
        when a.first_anyone_at is not null then 'answered'
        when not t.has_all_replies then 'not seen'
        when t.state = 'closed' and t.closed_by_role is not null then 'closed by ' || t.closed_by_role || ' unanswered'
        when t.state = 'closed' then 'closed unanswered'
        else 'waiting'
    end as outcome
from staging.settled_threads as t
left join answers as a on a.thread_id = t.thread_id
left join staging.channels as c on c.channel_id = t.channel_id
left join metrics.visits as v on v.channel_id = t.channel_id and v.thing = t.thing
order by t.thread_id
