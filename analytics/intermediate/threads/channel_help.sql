-- question: In which channel are people who ask about a topic helped, and how soon?
-- grain: family_id, channel_id, channel_kind, question_type, statistic, window
-- unit: share
-- standard: a proportion with Wilson's 95 % interval
-- caveats: Help as in thread_help, by whatever came first, so a lower bound. Only threads observed for at least this
--   long, whatever became of them: younger ones are left out, helped or not. Issues and discussions of one channel are
--   separate because of their kind. Trackers mark no answers and forums link no changes, so across kinds a larger share
--   may only be more visible. `all` is every thread, including those of unknown topic. Threads of channels shared by
--   many families count for the family that they concern. Topics and confirmations of help are read by rules (see their
--   accuracy). Channels without any thread read have no row. Askers choose their channel; a share is no promise.
--   Threads of which it was not seen whether they were helped (see helped_share) widen the interval; above a twentieth
--   there is no value.
-- by: family
-- version: 3
-- proof: analytics/intermediate/test_channel_help.py::test_who_was_helped_how_soon,
--   analytics/intermediate/test_channel_help.py::test_each_channel_and_each_type_stands_for_itself
with items as (
    select
        h.family_id, t.channel_id, h.channel_kind, h.channel_role, case when g.segment = 'all' then 'all'
            else substr(g.segment, 6) end as question_type,
        s.statistic, w."window", h.observed_until_at,
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
    join metrics.scopes as w on w.pools_roles and h.age_days <= w.window_days
    cross join (values ('within_24h', 24.0, '24 hours'), ('within_7d', 168.0, '7 days')) as s (statistic, hours, span)
    where h.family_id is not null and h.author_role <> 'bot'
),

reasons as (
    select
        family_id, channel_id, channel_kind, channel_role, question_type, statistic, "window", exclusion_reason,
        max(observed_until_at) as as_of_at, count(*) as items_count, count(*) filter (where is_yes) as yes_count,
        count(*) filter (where is_unseen) as unseen_count
    from items
    group by all
),

counted as (
    select
        family_id, channel_id, channel_kind, channel_role, question_type, statistic, "window",
        max(as_of_at) as as_of_at,
        cast(coalesce(sum(items_count) filter (where exclusion_reason is null), 0) as double) as n_all,
        cast(coalesce(sum(unseen_count) filter (where exclusion_reason is null), 0) as double) as n_unseen,
        cast(coalesce(sum(yes_count) filter (where exclusion_reason is null), 0) as double) as n_events,
        'Left out: ' || string_agg(cast(items_count as varchar) || ' ' || exclusion_reason, ', '
            order by exclusion_reason) || '.' as left_note
    from reasons
    group by all
),

seen as (
    select *, n_all - n_unseen as n, n_events / nullif(n_all, 0) as least_share,
        (n_events + n_unseen) / nullif(n_all, 0) as most_share
    from counted
),

-- Wilson's interval is its centre plus or minus half its width; the lower end has all unseen as no, the upper as yes.
widths as (
    select
        c.*, c.n_events / nullif(c.n, 0) as share,
        c.n >= r.min_items_count and c.n_unseen <= r.most_unseen_share * c.n_all as is_enough,
        c.n_unseen > r.most_unseen_share * c.n_all as is_hidden,
        power(r.normal_quantile, 2) / nullif(c.n_all, 0) as z
    from seen as c
    cross join metrics.rules as r
)

select
    c.family_id, f.side, c.channel_id, c.channel_kind, c.channel_role, c.question_type, c.statistic, c."window",
    case when c.is_enough then round(c.share, 10) end as value,
    case when c.is_enough then round(case when c.least_share = 0 then 0 else (c.least_share + c.z / 2
        - sqrt(c.z * c.least_share * (1 - c.least_share) + power(c.z, 2) / 4)) / (1 + c.z) end, 10) end as low,
    case when c.is_enough then round(case when c.most_share = 1 then 1 else (c.most_share + c.z / 2
        + sqrt(c.z * c.most_share * (1 - c.most_share) + power(c.z, 2) / 4)) / (1 + c.z) end, 10) end as high,
    cast(c.n as bigint) as n, cast(c.n_events as bigint) as n_events, c.as_of_at, v.state,
    nullif(concat_ws(' ',
        case when c.n_unseen > 0 then 'Not seen of ' || cast(cast(c.n_unseen as bigint) as varchar) || ' of '
            || cast(cast(c.n_all as bigint) as varchar) || '.' end,
        case when not c.is_enough and not c.is_hidden then 'Only ' || cast(cast(c.n as bigint) as varchar)
        || ' threads.' end, c.left_note), '') as note
from widths as c
join (values (true, 'measured'), (false, 'not enough data')) as v (is_enough, state) on v.is_enough = c.is_enough
join staging.families as f on f.family_id = c.family_id
