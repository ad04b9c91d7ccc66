-- question: What share of the activity comes from bots and AI agents?
-- title: activity of bots and agents
-- titles: threads = threads by agents; threads/bots = threads by bots; replies = replies by agents; replies/bots =
--   replies by bots;
--   first_responses = first replies by agents; first_responses/bots = first replies by bots; closes = threads closed by
--   agents;
--   closes/bots = threads closed by bots
-- unit: share
-- better: none
-- standard: CHAOSS Bot Activity
-- caveats: Of threads opened, replies, first responses (in threads that were observed for seven days and got a response
--   from somebody other than the asker within them), proposed changes and closes by a known account. `bots`: marked by
--   the platform, by name or list, classified by hand, or recognised by behaviour (see accounts); `agents`: declared AI
--   agents, a lower bound, since most of their work is published under a person's name. Doubtful accounts count as
--   people, so both are lower bounds. Replies and closes belong to the window in which they were made (a close of which
--   the source does not say when, to that of the opening). Replies are those held; if some of the first week are
--   missing, it may be unseen whose the first was. `changes` has rows only if changes were proposed and collected.
-- version: 3
-- proof: analytics/metrics/test_bots.py::test_what_bots_and_agents_do,
--   analytics/metrics/contributions/test_quick_answers.py::test_whoever_is_quick_is_not_first_more_often,
--   analytics/metrics/contributions/test_slow_endings.py::test_what_ends_slowly_has_its_share_in_every_window
-- shape: share
-- covers: threads
-- of: actions
-- segments: bots, agents
-- statistics: threads, replies, first_responses, closes
-- features: role
with firsts as (
    select
        *, date_diff('microsecond', opened_at, least(first_anyone_at, first_agent_at, first_bot_at)) / 3600e6
            as first_hours
    from staging.threads
    where author_role <> 'bot'
),

done as (
    select
        thread_id as item_id, url, family_id, channel_kind, channel_role, is_own as is_pooled, 'threads' as statistic,
        age_days,
        author_role as doer_role, case when is_before_reach then 'older than the completely read period'
            end as exclusion_reason, false as is_unseen
    from staging.threads
    union all
    select
        r.reply_id, r.url, t.family_id, t.channel_kind, t.channel_role, t.is_own, 'replies',
        round(t.age_days - date_diff('microsecond', t.opened_at, r.replied_at) / 86400e6, 9), r.author_role,
        case when t.is_before_reach then 'older than the completely read period' end, false
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    union all
    select
        thread_id, url, family_id, channel_kind, channel_role, is_own, 'first_responses', age_days,
        case least(first_anyone_at, first_agent_at, first_bot_at) when first_bot_at then 'bot'
            when first_agent_at then 'agent' else 'person' end,
        case when is_before_reach then 'older than the completely read period'
            when first_hours < 0 then 'answered before they were asked'
            when date_diff('microsecond', opened_at, observed_until_at) / 3600e6 < 168
                then 'observed for less than 7 days' end,
        coalesce(known_hours < 168, false) and coalesce(first_hours > known_hours, true)
    from firsts
    where first_hours <= 168 or known_hours < 168
    union all
    select
        thread_id, url, family_id, channel_kind, channel_role, is_own, 'closes',
        coalesce(round(age_days - date_diff('microsecond', opened_at, closed_at) / 86400e6, 9), age_days),
        closed_by_role,
        case when is_before_reach then 'older than the completely read period'
            when not has_all_fields then 'whose closing was not read'
            when closed_by_role is null then 'closed by an unknown account' end, false
    from staging.threads
    where state = 'closed'
    union all
    select
        c.change_id, c.url, c.family_id, 'tracker', c.channel_role, true, 'changes',
        date_diff('microsecond', c.opened_at, v.clock_at) / 86400e6, c.author_role,
        case when c.opened_at < v.reach_at then 'older than the completely read period' end, false
    from staging.changes as c
    left join staging.visits as v on v.channel_id = c.channel_id and v.thing = 'pulls'
)

select
    d.item_id, d.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, g.segment, d.statistic, d.age_days,
    d.doer_role = g.doer_role as is_yes, d.is_unseen, d.exclusion_reason
from done as d
cross join (values ('bots', 'bot'), ('agents', 'agent')) as g (segment, doer_role)
where d.family_id is not null
