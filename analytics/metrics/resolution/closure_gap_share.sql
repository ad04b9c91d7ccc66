-- question: How many more threads are closed after thirty days than were helped?
-- title: closed minus helped, after 30 days
-- unit: share
-- better: low
-- standard: difference of paired proportions, Agresti and Min's interval (Wald+2)
-- caveats: The share closed after thirty days minus the share helped by then, of the same threads (see
--   closed_unhelped_share). Above 0, closing overstates the help; below 0, people were helped whose threads stay open.
--   The interval is that of pairs: half a thread is added to each of the four cells, and only the two cells in which
--   closing and help differ move it; threads of one week are alike (see shapes/worth.sql). If it was not seen whether an
--   asker was helped (see helped_share), the interval allows for either; above a twentieth there is no value. Labels
--   put the helped part right, as in helped_share (any).
-- version: 5
-- proof: analytics/metrics/test_help.py::test_the_gap_has_the_interval_of_pairs,
--   analytics/metrics/test_help.py::test_helped_is_not_closed,
--   analytics/metrics/test_help.py::test_labels_put_the_helped_part_of_the_gap_right
-- items: select h.thread_id as item_id, h.url, h.family_id, h.channel_kind, h.channel_role, h.is_own as is_pooled,
--   g.segment, h.age_days, h.is_closed_30d, h.is_helped_30d, h.help_exclusion is null and h.is_watched_30d and
--   (h.is_helped_30d is null or h.is_closed_30d is null) as is_unseen, coalesce(h.help_exclusion, case when not
--   h.is_watched_30d then 'observed for less than 30 days' end) as exclusion_reason from staging.threads as h join
--   metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%' where h.family_id
--   is not null and h.author_role <> 'bot'
-- shape: figure
-- covers: threads
-- segments: all
-- statistics: in_30d
-- gate: share
-- features: helped
with scoped as (
    select
        h.family_id, h.channel_kind, case when s.pools_roles then 'all' else h.channel_role end as channel_role,
        g.segment, s."window", h.thread_id, h.age_days, h.is_closed_30d, h.is_helped_30d,
        h.help_exclusion is null and h.is_watched_30d and (h.is_helped_30d is null or h.is_closed_30d is null)
            as is_unseen,
        h.help_exclusion is null and h.is_helped_30d is not null and h.is_closed_30d is not null as is_seen
    from staging.threads as h
    join metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%'
    join metrics.scopes as s on h.age_days <= s.window_days and (h.is_own or not s.pools_roles)
    where h.family_id is not null and h.author_role <> 'bot'
),

-- The gap is least if all unseen were open and helped, and most if all were closed and none was helped.
pairs as (
    select
        family_id, channel_kind, channel_role, segment, "window",
        cast(count(*) filter (where is_seen) as double) as n,
        cast(count(*) filter (where is_seen or is_unseen) as double) as n_all,
        cast(count(*) filter (where is_seen and is_closed_30d and not is_helped_30d) as double) as closed_only,
        cast(count(*) filter (where is_seen and is_helped_30d and not is_closed_30d) as double) as helped_only,
        cast(count(*) filter (where is_unseen and not coalesce(is_closed_30d, false)
            and coalesce(is_helped_30d, true)) as double) as least_helped,
        cast(count(*) filter (where is_unseen and coalesce(is_closed_30d, true)
            and not coalesce(is_helped_30d, false)) as double) as most_closed,
        count(*) filter (where not is_seen and not is_unseen) as unknown_count
    from scoped
    group by all
),

clusters as (
    select
        s.family_id, s.channel_kind, s.channel_role, s.segment, s."window",
        cast(floor(s.age_days / r.alike_days) as bigint) as week,
        cast(count(*) as double) as n,
        cast(sum(cast(s.is_closed_30d as int) - cast(s.is_helped_30d as int)) as double) as gap,
        cast(count(*) filter (where s.is_closed_30d <> s.is_helped_30d) as double) as n_apart
    from scoped as s
    cross join metrics.rules as r
    where s.is_seen
    group by all
),

strays as (
    select
        concat_ws('/', k.family_id, k.channel_kind, k.channel_role, k.segment, k."window") as figure_id, k.week,
        cast(null as ubigint) as person_key, k.n, k.gap - k.n * p.gap as stray,
        k.n_apart - 2 * k.gap * p.gap + k.n * power(p.gap, 2) as alone
    from clusters as k
    join (select *, (closed_only - helped_only) / n as gap from pairs) as p
        on p.family_id = k.family_id and p.channel_kind = k.channel_kind and p.channel_role = k.channel_role
            and p.segment = k.segment and p."window" = k."window"
),

{{worth}},

moments as (
    select
        p.*, r.normal_quantile * coalesce(sqrt(p.n / d.n_worth), 1) as reach, n_all - p.n as n_unseen,
        closed_only - helped_only - least_helped as least_gap,
        closed_only - helped_only + most_closed as most_gap
    from pairs as p
    cross join metrics.rules as r
    left join worth as d on d.figure_id
        = concat_ws('/', p.family_id, p.channel_kind, p.channel_role, p.segment, p."window")
),

ends as (
    select
        m.*, m.n_unseen > r.most_unseen_share * m.n_all as is_hidden, e.labelled_count,
        (m.closed_only - m.helped_only) / nullif(m.n, 0) as gap, coalesce(e.shift, 0) as shift,
        power(r.normal_quantile, 2) * coalesce(e.shift_variance, 0) as reading,
        m.least_gap / (m.n_all + 2) - m.reach * sqrt(m.closed_only + m.helped_only + m.least_helped + 1
            - power(m.least_gap, 2) / (m.n_all + 2)) / (m.n_all + 2) as low,
        m.most_gap / (m.n_all + 2) + m.reach * sqrt(m.closed_only + m.helped_only + m.most_closed + 1
            - power(m.most_gap, 2) / (m.n_all + 2)) / (m.n_all + 2) as high,
        case when m.n_unseen > 0 then 'For ' || cast(cast(m.n_unseen as bigint) as varchar) || ' of '
            || cast(cast(m.n_all as bigint) as varchar) || ' it is not known whether they were helped: the gap lies'
            || ' between ' || cast(round(100 * m.least_gap / m.n_all, 1) as varchar) || ' and '
            || cast(round(100 * m.most_gap / m.n_all, 1) as varchar) || ' points.' end as unseen_note
    from moments as m
    cross join metrics.rules as r
    left join metrics.reading_shifts as e
        on e.feature = 'helped=any' and e.family_id = m.family_id and e.channel_kind = m.channel_kind
)

select
    family_id, channel_kind, channel_role, segment, 'in_30d' as statistic, "window",
    case when not is_hidden then greatest(-1, least(1, gap - shift)) end as value,
    greatest(-1, least(1, gap - shift - sqrt(power(gap - low, 2) + reading))) as low,
    least(1, greatest(-1, gap - shift + sqrt(power(high - gap, 2) + reading))) as high,
    n, closed_only + helped_only as n_events, 0 as n_censored,
    cast(null as varchar) as own_state, case when is_hidden then unseen_note end as own_shortfall,
    nullif(concat_ws(' ', case when labelled_count is null then null
            when shift = 0 then 'Checked with ' || labelled_count || ' hand-checked labels, which move nothing.'
            else 'Corrected with ' || labelled_count || ' hand-checked labels (raw: '
                || cast(round(100 * gap, 1) as varchar) || ' points).' end,
        case when not is_hidden then unseen_note end,
        case when unknown_count > 0 then 'Excluded: ' || unknown_count
            || ' observed too briefly, or from before the completely read period.' end), '') as own_note
from ends
