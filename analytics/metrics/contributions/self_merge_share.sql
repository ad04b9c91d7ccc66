-- question: What share of merged changes did the author merge without a review by anybody else?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: changes merged by their author
-- titles: unreviewed = changes merged by their author without a review
-- unit: share
-- better: low
-- standard: CHAOSS Self-Merge Rates
-- caveats: `unreviewed`: merged by the author before anybody else had reviewed it; `self_merged`: merged by the
--   author, reviewed or not. Comments are not reviews. Changes by bots are left out, and those by AI agents are
--   counted separately (`agents`). The window is that of the merge. Who merged is known only for changes read since
--   that field is collected. Of more than ten reviews only the first ten are read: if none of these is by another
--   person, it was not seen whether a later one is, and the interval of `unreviewed` allows for either.
-- version: 1
-- proof: analytics/metrics/test_contributions.py::test_merged_by_oneself_without_a_review
-- shape: share
-- covers: changes
-- of: merged changes
-- segments: people, agents
-- statistics: unreviewed, self_merged
with visits as (
    select channel_id, max(coalesce(as_of_at, last_run_at)) as as_of_at
        from metrics.change_visits where thing = 'pulls' group by channel_id
),

merged as (
    select
        c.*, coalesce(c.first_review_at <= c.merged_at, false) as is_reviewed,
        date_diff('microsecond', c.merged_at, coalesce(v.as_of_at, c.seen_at)) / 86400e6 as age_days
    from staging.changes as c
    left join visits as v on v.channel_id = c.channel_id
    where c.merged_at is not null and c.family_id is not null and c.author_role <> 'bot'
)

select
    m.change_id as item_id, m.url, m.family_id, 'tracker' as channel_kind, m.channel_role, true as is_pooled,
    case when m.author_role = 'agent' then 'agents' else 'people' end as segment, s.statistic, m.age_days,
    m.is_self_merged and (s.statistic = 'self_merged' or not m.is_reviewed) as is_yes,
    s.statistic = 'unreviewed' and m.is_self_merged and m.first_review_at is null
        and not coalesce(m.has_all_answers, false) and coalesce(m.reviews_count, 11) > 10 as is_unseen,
    case when m.is_self_merged is null then 'merged by an unknown account' end as exclusion_reason
from merged as m
cross join (values ('unreviewed'), ('self_merged')) as s (statistic)
