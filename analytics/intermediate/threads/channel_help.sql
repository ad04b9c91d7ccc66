-- question: In which channel are people who ask about a topic helped, and how soon?
-- grain: family_id, channel_id, channel_kind, question_type, statistic, window
-- published: yes
-- unit: share
-- standard: a proportion with Wilson's 95 % interval on the number of independent threads that these are worth
-- caveats: Help as in threads, by whatever came first, so a lower bound. Threads of one channel and week are alike
--   (only threads observed for at least this long count); what they are worth is found as in the shape `share`. Trackers mark no
--   answers and forums link no changes, so across kinds a larger share may only be more visible. Topics and
--   confirmations of help are read by rules (see their accuracy). Channels without any thread read have no row. Askers
--   choose their channel; a share is no promise. Threads of which it was not seen whether they were helped widen the
--   interval; above a twentieth there is no value. If the reader of help, or of topics, fails its gate on the labels of
--   the family's side, the share is `suspect`.
with items as (
    select
        h.family_id, h.channel_id, h.channel_kind, h.channel_role, case when g.segment = 'all' then 'all'
            else substr(g.segment, 6) end as question_type,
        s.statistic, w."window", h.observed_until_at,
        cast(floor(h.age_days / r.alike_days) as bigint) as week,
        coalesce(date_diff('microsecond', h.opened_at, h.helped_at) / 3600e6 <= s.hours, false) as is_yes,
        coalesce(date_diff('microsecond', h.opened_at, h.help_known_until_at) / 3600e6 < s.hours, false)
            and coalesce(date_diff('microsecond', h.opened_at, h.helped_at) / 3600e6 > s.hours, true) as is_unseen,
        case
            when h.help_exclusion is not null then h.help_exclusion
            when date_diff('microsecond', h.opened_at, h.observed_until_at) / 3600e6 < s.hours
                then 'observed for less than ' || s.span
        end as exclusion_reason
    from staging.threads as h
    join metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%'
    cross join metrics.rules as r
    join metrics.scopes as w on w.pools_roles and h.age_days <= w.window_days
    cross join (values ('within_24h', 24.0, '24 hours'), ('within_7d', 168.0, '7 days')) as s (statistic, hours, span)
    where h.family_id is not null and h.author_role <> 'bot'
),

channel_clusters as (
    select
        family_id, channel_id, channel_kind, channel_role, question_type, statistic, "window", exclusion_reason,
        week, max(observed_until_at) as as_of_at,
        cast(count(*) filter (where not is_unseen) as double) as items_count,
        cast(count(*) filter (where is_yes) as double) as yes_count,
        cast(count(*) filter (where is_unseen) as double) as unseen_count
    from items
    group by all
),

reasons as (
    select
        family_id, channel_id, channel_kind, channel_role, question_type, statistic, "window", exclusion_reason,
        max(as_of_at) as as_of_at, sum(items_count) as n, sum(yes_count) as n_events, sum(unseen_count) as n_unseen
    from channel_clusters
    group by all
),

counted as (
    select
        family_id, channel_id, channel_kind, channel_role, question_type, statistic, "window",
        max(as_of_at) as as_of_at, coalesce(sum(n) filter (where exclusion_reason is null), 0) as n,
        coalesce(sum(n_events) filter (where exclusion_reason is null), 0) as n_events,
        coalesce(sum(n_unseen) filter (where exclusion_reason is null), 0) as n_unseen,
        'Excluded: ' || string_agg(cast(cast(n + n_unseen as bigint) as varchar) || ' ' || exclusion_reason, ', '
            order by exclusion_reason) || '.' as left_note
    from reasons
    group by all
),

strays as (
    select
        concat_ws('/', k.family_id, k.channel_id, k.channel_kind, k.question_type, k.statistic, k."window") as figure_id,
        k.week, cast(null as ubigint) as person_key, k.items_count as n,
        k.yes_count - k.items_count * c.n_events / c.n as stray,
        k.yes_count * power(1 - c.n_events / c.n, 2) + (k.items_count - k.yes_count) * power(c.n_events / c.n, 2) as alone
    from channel_clusters as k
    join counted as c
        on c.family_id = k.family_id and c.channel_id = k.channel_id and c.channel_kind = k.channel_kind
            and c.question_type = k.question_type and c.statistic = k.statistic and c."window" = k."window"
    where k.exclusion_reason is null and k.items_count > 0
),

{{worth}},

sizes as (
    select
        c.*, c.n + c.n_unseen as n_all, c.n_events / nullif(c.n, 0) as share,
        c.n_events / nullif(c.n + c.n_unseen, 0) as least_share,
        (c.n_events + c.n_unseen) / nullif(c.n + c.n_unseen, 0) as most_share,
        c.n_unseen > r.most_unseen_share * (c.n + c.n_unseen) as is_hidden, r.min_items_count, r.widest_share_interval,
        power(r.normal_quantile, 2) * c.n / d.n_worth / nullif(c.n + c.n_unseen, 0) as z
    from counted as c
    cross join metrics.rules as r
    left join worth as d on d.figure_id
        = concat_ws('/', c.family_id, c.channel_id, c.channel_kind, c.question_type, c.statistic, c."window")
),

widths as (
    select
        *, if(least_share = 0, 0, (least_share + z / 2 - sqrt(z * least_share * (1 - least_share) + power(z, 2) / 4))
            / (1 + z)) as low,
        if(most_share = 1, 1, (most_share + z / 2 + sqrt(z * most_share * (1 - most_share) + power(z, 2) / 4))
            / (1 + z)) as high,
        n >= min_items_count and not is_hidden and high - low <= widest_share_interval as is_enough
    from sizes
)

select
    c.family_id, f.side, c.channel_id, c.channel_kind, c.channel_role, c.question_type, c.statistic, c."window",
    case when c.is_enough then round(c.share, 10) end as value, case when c.is_enough then round(c.low, 10) end as low,
    case when c.is_enough then round(c.high, 10) end as high, cast(c.n as bigint) as n,
    cast(c.n_events as bigint) as n_events, c.as_of_at,
    case
        when not c.is_enough then 'not enough data'
        when u.reason is not null then 'suspect'
        else coalesce(w.state, 'measured')
    end as state,
    nullif(concat_ws(' ', case when c.n_unseen > 0 then cast(cast(c.n_unseen as bigint) as varchar) || ' of '
        || cast(cast(c.n_all as bigint) as varchar) || case c.n_unseen when 1 then ' was' else ' were' end
        || ' not seen.' end, case when not c.is_enough and not c.is_hidden then 'Only '
            || cast(cast(c.n as bigint) as varchar) || ' threads'
            || if(c.n >= c.min_items_count, ': the interval is too wide.', '.') end,
        case when c.is_enough then u.reason end, c.left_note), '') as note
from widths as c
left join (
    select n.channel_id, s.channel_kind, max(n.state) as state
    from metrics.channel_warnings as n
    join metrics.covered_subjects as s on s.subject = 'threads' and s.thing = n.thing
    group by all
) as w on w.channel_id = c.channel_id and w.channel_kind = c.channel_kind
join staging.families as f on f.family_id = c.family_id
left join lateral (
    select string_agg(g.reason, ' ' order by g.reason) as reason
    from metrics.reader_gates as g
    where not g.is_passed and (g.side in ('all', f.side) or f.side = 'host')
        and (g.feature = 'helped' or g.feature = 'question_type' and c.question_type <> 'all')
) as u on true
