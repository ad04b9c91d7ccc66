-- question: What uptime do the page's own monitors report, compared with the incidents that it posted?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: uptime by the page's own monitors
-- titles: no_part_down = time with every part up, by the page's own monitors; ours = uptime by posted incidents
-- unit: share
-- better: high
-- standard: none
-- caveats: `parts`: the page's own figure, the mean of all its parts and days. `no_part_down`: the share of time in
--   which every part worked; a page gives the number of seconds per day, not which ones, so the value is a range: the
--   parts failed together (high) or one after another (low). `ours`: uptime_share of the posted incidents
--   (any_severity), for the same window. If `ours` is higher, the monitors counted trouble that nobody posted. Only
--   pages of one format count days (Hugging Face, Together, Fireworks …), about 90 back.
-- version: 1
-- proof: analytics/metrics/test_disclosure.py::test_the_monitors_of_a_page_are_shown_beside_its_posts
-- items: select d.channel_id || '#' || d.component_id || '#' || cast(d.day_on as varchar) as item_id, c.url,
--   d.family_id, 'status' as channel_kind,
--   s.segment, cast(date_diff('day', d.day_on, cast(d.seen_at as date)) as double) as age_days, d.component_name,
--   d.downtime_seconds
--   from staging.downtime_days as d join staging.channels as c on c.channel_id = d.channel_id
--   join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or d.is_api
-- shape: figure
-- covers: incidents
-- of: days of parts
-- roles: together
-- segments: all, api
-- statistics: parts, no_part_down, ours
-- windows: 30d, 90d
-- gate: none
with looks as (
    select channel_id, cast(max(seen_at) as date) as seen_on from staging.downtime_days group by channel_id
),

days as (
    select
        d.family_id, s.segment, w."window", d.channel_id, d.day_on, count(*) as parts_count,
        sum(d.downtime_seconds) as sum_seconds, max(d.downtime_seconds) as most_seconds
    from staging.downtime_days as d
    join looks as l on l.channel_id = d.channel_id
    join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or d.is_api
    join metrics.scopes as w on w.pools_roles and w."window" in ('30d', '90d')
        and date_diff('day', d.day_on, l.seen_on) <= w.window_days
    group by all
),

added as (
    select
        family_id, segment, "window", count(distinct day_on) as days_count, sum(parts_count) as n,
        1 - sum(sum_seconds) / (86400.0 * sum(parts_count)) as parts_share,
        1 - avg(least(86400, sum_seconds)) / 86400.0 as apart_share,
        1 - avg(least(86400, most_seconds)) / 86400.0 as together_share
    from days
    group by all
),

told as (
    select
        a.*, t.statistic,
        case t.statistic when 'parts' then a.parts_share when 'no_part_down' then a.apart_share else u.low end as low,
        case t.statistic when 'parts' then a.parts_share when 'no_part_down' then a.together_share else u.high
            end as high
    from added as a
    cross join (values ('parts'), ('no_part_down'), ('ours')) as t (statistic)
    left join metrics.uptime_share as u
        on u.family_id = a.family_id and u.segment = a.segment and u."window" = a."window"
            and u.statistic = 'any_severity'
)

select
    t.family_id, 'status' as channel_kind, 'all' as channel_role, t.segment, t.statistic, t."window",
    case when t.high - t.low <= r.widest_uptime_range then (t.low + t.high) / 2 end as value, t.low, t.high, t.n,
    t.n as n_events, 0 as n_censored,
    case when t.days_count < r.min_observed_days or t.low is null then 'not enough data' else 'measured'
        end as own_state,
    'Counted on ' || cast(t.days_count as varchar) || ' days.' as own_note
from told as t
cross join metrics.rules as r
union all
select
    p.family_id, 'status', 'all', s.segment, t.statistic, w."window", null, null, null, 0, 0, 0,
    case when bool_or(coalesce(p.format = 'betterstack', false)) then 'not collected' else 'not applicable' end,
    case when bool_or(coalesce(p.format = 'betterstack', false)) then 'No day has been read yet.'
        else 'The page publishes no daily counts.' end
from staging.status_pages as p
cross join (values ('all'), ('api')) as s (segment)
cross join (values ('parts'), ('no_part_down'), ('ours')) as t (statistic)
join metrics.scopes as w on w.pools_roles and w."window" in ('30d', '90d')
where not exists (select 1 from added as a where a.family_id = p.family_id and a.segment = s.segment)
group by p.family_id, s.segment, t.statistic, w."window"
