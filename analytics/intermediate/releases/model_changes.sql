-- question: How did the counters of each model move since their previous reading?
-- grain: channel_id, model_id, day_on
-- unit: downloads
-- caveats: The all-time counter can only grow; if it fell, the source withdrew downloads (spam), so that day has an
--   anomaly and no difference. After days without a visit the difference is spread evenly over them. The first day of a
--   model has none. A renamed model is here under its present name alone, with the days of its former one: the day on
--   which it was renamed is a day like any other.
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

looks as (
    select
        channel_id, model_id, family_id, day_on, downloads_all_time,
        lag(downloads_all_time) over by_day as previous_downloads,
        lag(day_on) over by_day as previous_on
    from named
    window by_day as (partition by channel_id, model_id order by day_on nulls last)
)

select
    channel_id, model_id, family_id, day_on, previous_on, downloads_all_time, previous_downloads,
    coalesce(downloads_all_time < previous_downloads, false) as is_anomaly,
    case when downloads_all_time >= previous_downloads
        then (downloads_all_time - previous_downloads) / cast(date_diff('day', previous_on, day_on) as double)
            end as downloads_per_day
from looks
