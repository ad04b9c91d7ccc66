-- question: How often are the models of each family fetched?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: downloads
-- standard: CHAOSS Number of Downloads
-- caveats: `rolling_30d` is the source's own count of the last 30 days on the newest day, added over models and never over days;
--   `daily_difference` is what the all-time counters gained a day within the last 30 days. Where one of them fell there is an anomaly and
--   no value: that means downloads taken back, not fewer of them. Counts of requests for files, automatic ones too; a census, so without
--   an interval. Closed weights cannot be fetched.
-- version: 1
with newest as (
    select family_id, max(day_on) as day_on from staging.models_daily where downloads_30d is not null group by family_id
),

rolling as (
    select m.family_id, 'rolling_30d' as statistic, cast(sum(m.downloads_30d) as double) as value, count(*) as n, 0 as anomalies_count
    from staging.models_daily as m
    join newest as d on d.family_id = m.family_id and d.day_on = m.day_on
    where m.downloads_30d is not null
    group by m.family_id
),

gained as (
    select
        m.family_id, m.channel_id, m.model_id, count(*) filter (where m.is_anomaly) as anomalies_count,
        sum(m.downloads_all_time - m.previous_downloads)
            / cast(sum(date_diff('day', m.previous_on, m.day_on)) as double) as downloads_per_day
    from metrics.model_changes as m
    join newest as d on d.family_id = m.family_id and date_diff('day', m.previous_on, d.day_on) between 0 and 30
    group by m.family_id, m.channel_id, m.model_id
),

daily as (
    select
        family_id, 'daily_difference' as statistic, case when sum(anomalies_count) = 0 then sum(downloads_per_day) end as value,
        count(*) as n, cast(sum(anomalies_count) as bigint) as anomalies_count
    from gained
    group by family_id
),

found as (
    select * from rolling
    union all
    select * from daily
),

judged as (
    select
        c.*, t.statistic, f.value, coalesce(f.n, 0) as n, coalesce(f.anomalies_count, 0) as anomalies_count,
        case
            when c.coverage_state <> 'measured' then c.coverage_state
            when f.n is null then 'not enough data'
            else 'measured'
        end as state
    from metrics.channel_coverage as c
    cross join (values ('rolling_30d'), ('daily_difference')) as t (statistic)
    left join found as f on f.family_id = c.family_id and f.statistic = t.statistic
    where c.subject = 'models' and c.channel_role = 'all'
)

select
    family_id, side, channel_kind, channel_role, 'all' as segment, statistic, '30d' as "window",
    case when state = 'measured' then value end as value, case when state = 'measured' then value end as low,
    case when state = 'measured' then value end as high, 'downloads' as unit, n, n as n_events, cast(0 as bigint) as n_censored,
    coverage_share, as_of_at, 1 as method_version, state as state,
    nullif(concat_ws(
        ' ',
        case when state = 'not enough data' then 'Not read on two days yet.' end,
        case when anomalies_count > 0
            then 'Anomaly: ' || anomalies_count || ' times the all-time count of a model fell in this time, so no difference is given.' end,
        coverage_note
    ), '') as note
from judged
