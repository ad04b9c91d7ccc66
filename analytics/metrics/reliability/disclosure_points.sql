-- question: How much does a status page disclose, in one number to read with its uptime?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: points of disclosure
-- unit: points of 100
-- better: high
-- standard: none (an index of ours: a hundred times the plain mean of four shares); interval of a sum from the
--   limits of its parts (Zou and Donner's MOVER)
-- caveats: The mean of with_cause, with_postmortem, names_components and one minus retro_posted of disclosure_share,
--   with equal weights. For a page that cannot name components it is the mean of the other three, and the note says
--   so. The interval comes from those of the shares, which err together as far as the same incidents have both
--   properties. It measures how a page is kept, not how well the service works.
-- version: 1
-- proof: analytics/metrics/test_disclosure.py::test_the_points_are_the_mean_of_the_shares
-- items: select item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, age_days from
--   metrics.incident_items
-- shape: figure
-- covers: incidents
-- of: incidents
-- segments: all, api
-- statistics: points
with shares as (
    select
        family_id, channel_kind, channel_role, segment, "window", statistic, state, n,
        case when statistic = 'retro_posted' then 1 - value else value end as value,
        case when statistic = 'retro_posted' then 1 - high else low end as low,
        case when statistic = 'retro_posted' then 1 - low else high end as high
    from metrics.disclosure_share
    where statistic <> 'states_start'
),

added as (
    select
        family_id, channel_kind, channel_role, segment, "window", avg(value) as value,
        min(n) filter (where state <> 'not applicable') as n,
        count(value) as known_count, count(*) filter (where state = 'not applicable') as absent_count
    from shares
    group by all
),

flags as (
    select
        i.family_id, i.channel_kind, case when w.pools_roles then 'all' else i.channel_role end as channel_role,
        i.segment, w."window", i.item_id, t.statistic, cast(case t.statistic
            when 'with_cause' then case when not i.is_open then i.has_cause end
            when 'with_postmortem' then case when not i.is_open and i.age_days >= 14 then i.has_postmortem end
            when 'names_components' then case when i.can_name_parts then i.has_components end
            else case when not i.is_brought_over then not i.is_retro end
        end as double) as point
    from metrics.incident_items as i
    join metrics.scopes as w on i.age_days <= w.window_days and (i.is_pooled or not w.pools_roles)
    cross join (values ('with_cause'), ('with_postmortem'), ('names_components'), ('retro_posted')) as t (statistic)
),

-- How far one point goes with another, over the incidents of which both are known.
moments as (
    select
        a.family_id, a.channel_kind, a.channel_role, a.segment, a."window", a.statistic, b.statistic as other,
        avg(a.point * b.point) - avg(a.point) * avg(b.point) as covariance,
        avg(a.point) * (1 - avg(a.point)) * avg(b.point) * (1 - avg(b.point)) as variances
    from flags as a
    join flags as b using (family_id, channel_kind, channel_role, segment, "window", item_id)
    where a.point is not null and b.point is not null and a.statistic <> b.statistic
    group by all
),

matched as (
    select
        a.*, a.value - a.low as below, b.value - b.low as other_below, a.high - a.value as above,
        b.high - b.value as other_above, b.statistic as other
    from shares as a
    join shares as b using (family_id, channel_kind, channel_role, segment, "window")
),

reaches as (
    select
        p.family_id, p.channel_kind, p.channel_role, p.segment, p."window",
        sqrt(abs(sum(p.below * p.other_below * p.correlation))) as below,
        sqrt(abs(sum(p.above * p.other_above * p.correlation))) as above
    from (
        select
            m.*, case when m.statistic = m.other then 1 when c.variances > 0 then c.covariance / sqrt(c.variances)
                else 0 end as correlation
        from matched as m
        left join moments as c
            using (family_id, channel_kind, channel_role, segment, "window", statistic, other)
    ) as p
    group by all
)

select
    a.family_id, a.channel_kind, a.channel_role, a.segment, 'points' as statistic, a."window",
    case when a.known_count + a.absent_count = 4 then 100 * a.value end as value,
    100 * greatest(0, a.value - r.below / a.known_count) as low,
    100 * least(1, a.value + r.above / a.known_count) as high, a.n, a.n as n_events, 0 as n_censored,
    cast(null as varchar) as own_state, case
        when a.absent_count > 0 then 'Mean of three shares: the page cannot name components.' end as own_note
from added as a
join reaches as r using (family_id, channel_kind, channel_role, segment, "window")
where a.n > 0
