-- question: In which channel and week were how many of those who ask about a topic helped, and how soon?
-- grain: family_id, channel_id, channel_kind, question_type, statistic, window, exclusion_reason, cluster_key
-- unit: threads
-- standard: none
-- caveats: What channel_help counts, by the clusters of thread_clusters: only threads observed for at least this long,
--   whatever became of them. Issues and discussions of one channel are separate because of their kind. `all` is every
--   thread, including those of unknown topic. `unseen_count` is of threads of which it was not seen whether they were
--   helped in time, which are not in `items_count`.
-- by: family
-- version: 1
with items as (
    select
        h.family_id, t.channel_id, h.channel_kind, h.channel_role, case when g.segment = 'all' then 'all'
            else substr(g.segment, 6) end as question_type,
        s.statistic, w."window", h.observed_until_at, c.cluster_key,
        coalesce(date_diff('microsecond', h.opened_at, h.helped_at) / 3600e6 <= s.hours, false) as is_yes,
        coalesce(date_diff('microsecond', h.opened_at, h.help_known_until_at) / 3600e6 < s.hours, false)
            and coalesce(date_diff('microsecond', h.opened_at, h.helped_at) / 3600e6 > s.hours, true) as is_unseen,
        case
            when h.exclusion_reason is not null then h.exclusion_reason
            when date_diff('microsecond', h.opened_at, h.observed_until_at) / 3600e6 < s.hours
                then 'observed for less than ' || s.span
        end as exclusion_reason
    from metrics.thread_help as h
    join staging.threads as t on t.thread_id = h.thread_id
    join metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%'
    join metrics.thread_clusters as c on c.item_id = h.thread_id
    join metrics.scopes as w on w.pools_roles and h.age_days <= w.window_days
    cross join (values ('within_24h', 24.0, '24 hours'), ('within_7d', 168.0, '7 days')) as s (statistic, hours, span)
    where h.family_id is not null and h.author_role <> 'bot'
)

select
    family_id, channel_id, channel_kind, channel_role, question_type, statistic, "window", exclusion_reason,
    cluster_key, max(observed_until_at) as as_of_at,
    cast(count(*) filter (where not is_unseen) as double) as items_count,
    cast(count(*) filter (where is_yes) as double) as yes_count,
    cast(count(*) filter (where is_unseen) as double) as unseen_count
from items
group by all
