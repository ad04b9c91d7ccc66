-- question: How often are the models of each family downloaded?
-- title: downloads of models in 30 days
-- titles: daily_difference = downloads of models a day
-- unit: downloads
-- better: none
-- standard: CHAOSS Number of Downloads
-- caveats: `rolling_30d` is the source's own count of the last 30 days, of each model as it was last seen within the
--   week before its channel's latest visit, summed over models and never over days; `daily_difference` is the daily
--   growth of the all-time counters within the last 30 days, spread evenly over days without a visit, also from a
--   renamed model's former name to its present one. If one of them fell, there is an anomaly and no value: downloads
--   were withdrawn, which does not mean that there were fewer. Counts include automatic requests for files; a census,
--   so without an interval. Closed weights cannot be downloaded.
-- proof: analytics/intermediate/test_counts.py::test_rolling_downloads_are_a_level_and_never_added_over_days,
--   analytics/intermediate/test_counts.py::test_a_model_that_the_newest_day_lacks_counts_as_last_seen,
--   analytics/intermediate/test_counts.py::test_the_daily_difference_spreads_what_came_between_two_visits,
--   analytics/metrics/adoption/test_renamed_models.py::test_the_day_of_a_move_is_a_day_like_any_other
-- items: select model_id as item_id, 'hub' as channel_kind, * from model_changes qualify date_diff('day',
--   coalesce(previous_on, day_on), max(day_on) over (partition by family_id)) <= 30
-- shape: figure
-- covers: models
-- roles: together
-- of: models
-- segments: all
-- statistics: rolling_30d, daily_difference
-- windows: 30d
-- gate: none
with named as (
    select
        channel_id, coalesce(renamed_to, model_id) as model_id, family_id, day_on, downloads_all_time
    from staging.models_daily
    where family_id is not null and downloads_all_time is not null
    qualify row_number() over (
        partition by channel_id, coalesce(renamed_to, model_id), day_on
        order by renamed_to nulls first, downloads_all_time desc nulls last
    ) = 1
),

model_changes as (
    select
        *, lag(downloads_all_time) over by_day as previous_downloads, lag(day_on) over by_day as previous_on,
        coalesce(downloads_all_time < previous_downloads, false) as is_anomaly,
        case when downloads_all_time >= previous_downloads
            then (downloads_all_time - previous_downloads) / cast(date_diff('day', previous_on, day_on) as double)
                end as downloads_per_day
    from named
    window by_day as (partition by channel_id, model_id order by day_on)
),

newest as (
    select family_id, max(day_on) as day_on from staging.models_daily where downloads_30d is not null group by family_id
),

rolling as (
    select family_id, 'rolling_30d' as statistic, cast(sum(downloads_30d) as double) as value, count(*) as n,
    0 as anomalies_count
    from metrics.newest_models
    where downloads_30d is not null
    group by family_id
),

gained as (
    select
        m.family_id, m.channel_id, m.model_id, count(*) filter (where m.is_anomaly) as anomalies_count,
        sum(m.downloads_all_time - m.previous_downloads)
            / cast(sum(date_diff('day', m.previous_on, m.day_on)) as double) as downloads_per_day
    from model_changes as m
    join newest as d on d.family_id = m.family_id and date_diff('day', m.previous_on, d.day_on) between 0 and 30
    group by m.family_id, m.channel_id, m.model_id
),

daily as (
    select
        family_id, 'daily_difference' as statistic,
        case when sum(anomalies_count) = 0 then round(sum(downloads_per_day), 4) end as value,
        count(*) as n, cast(sum(anomalies_count) as bigint) as anomalies_count
    from gained
    group by family_id
),

found as (
    select * from rolling
    union all
    select * from daily
)

select
    family_id, 'hub' as channel_kind, 'all' as channel_role, 'all' as segment, statistic, '30d' as "window", value,
    value as low, value as high, n, n as n_events, 0 as n_censored, 'measured' as own_state,
    case when anomalies_count > 0
        then 'Anomaly: the all-time count of a model fell ' || anomalies_count
            || ' times in this period, so no difference is given.' end as own_note
from found
