-- question: How did the counters of each model move since their previous reading?
-- grain: channel_id, model_id, day_on
-- unit: downloads
-- standard: none
-- caveats: The all-time counter can only grow; if it fell, the source withdrew downloads (spam), so that day has an
--   anomaly and no difference. After days without a visit the difference is spread evenly over them. The first day of a
--   model has none.
-- version: 1
with looks as (
    select
        channel_id, model_id, family_id, day_on, downloads_30d, downloads_all_time,
        lag(downloads_all_time) over by_day as previous_downloads,
        lag(day_on) over by_day as previous_on
    from staging.models_daily
    where family_id is not null and downloads_all_time is not null
    window by_day as (partition by channel_id, model_id order by day_on nulls last)
)

select
    channel_id, model_id, family_id, day_on, previous_on, downloads_all_time, previous_downloads,
    coalesce(downloads_all_time < previous_downloads, false) as is_anomaly,
    case when downloads_all_time >= previous_downloads
        then (downloads_all_time - previous_downloads) / cast(date_diff('day', previous_on, day_on) as double)
            end as downloads_per_day
from looks
