-- question: How often is a bot the first to reply, and how many threads seem answered within a week only because of
--   one?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: a bot comes first
-- titles: masked = seems answered only because of a bot
-- unit: share
-- better: none
-- standard: none (bot masking, Hasan et al. 2023)
-- caveats: Of threads that were observed for seven days. `bot_first` is the share, among those in which anybody but the
--   asker replied within that time, in which a bot was first. `masked` is the share of all in which bots or AI agents
--   replied and no person did: an answered share that counts them is higher by this much than one that counts people.
--   Bots that are not recognised count as people: a lower bound. Where replies of that week are missing, it may be
--   unseen who came first, or whether a person came.
-- version: 1
-- proof: analytics/metrics/test_responses.py::test_bots_that_come_first_and_bots_that_come_alone
-- shape: share
-- covers: threads
-- segments: all
-- statistics: bot_first, masked
with watched as (
    select
        *,
        date_diff('microsecond', opened_at, first_anyone_at) / 3600e6 as anyone_hours,
        date_diff('microsecond', opened_at, first_agent_at) / 3600e6 as agent_hours,
        date_diff('microsecond', opened_at, first_bot_at) / 3600e6 as bot_hours,
        case
            when is_before_reach then 'older than the completely read period'
            when least(first_anyone_at, first_agent_at, first_bot_at) < opened_at then 'answered before they were asked'
            when date_diff('microsecond', opened_at, observed_until_at) / 3600e6 < 168
                then 'observed for less than 7 days'
        end as reason
    from metrics.thread_responses
    where family_id is not null and author_role <> 'bot'
)

select
    t.thread_id as item_id, t.url, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled,
    'all' as segment, s.statistic, t.age_days, case s.statistic
        when 'bot_first' then coalesce(t.bot_hours < least(t.anyone_hours, t.agent_hours), t.bot_hours is not null)
        else coalesce(least(t.bot_hours, t.agent_hours) <= 168, false) and coalesce(t.anyone_hours > 168, true)
    end as is_yes,
    coalesce(t.known_hours < 168, false) and case s.statistic when 'bot_first'
        then coalesce(t.first_hours > t.known_hours, true) else coalesce(t.anyone_hours > 168, true)
    end as is_unseen,
    coalesce(
        t.reason,
        case when s.statistic = 'bot_first' and coalesce(t.first_hours > 168, true)
            and coalesce(t.known_hours >= 168, true) then 'without a reply within 7 days' end
    ) as exclusion_reason
from (select *, least(anyone_hours, agent_hours, bot_hours) as first_hours from watched) as t
cross join (values ('bot_first'), ('masked')) as s (statistic)
