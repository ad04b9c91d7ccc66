-- question: How often had each model been downloaded when it reached a given age?
-- grain: model_id, age_days
-- unit: downloads
-- standard: Relative Adoption Metric (ATOM)
-- caveats: The all-time count on the day on which the model was 30, 90, 180 or 365 days old by the Hub, or at most
--   three days before. Known only for models visited at that time: no source gives past counts. `place` is the rank
--   among models of similar size at the same age. Sizes: under 2, 9, 40 or 150 billion parameters, or more. Quantized
--   models are excluded. What a renamed model had under its former name is its own.
with looks as (
    select
        family_id, coalesce(renamed_to, model_id) as model_id, downloads_all_time,
        date_diff('day', cast(created_at as date), day_on) as look_days,
        case when parameters < 2e9 then 2 when parameters < 9e9 then 9 when parameters < 40e9 then 40
            when parameters < 150e9 then 150
            else 1000 end as size_class
    from staging.models_daily
    where family_id is not null and created_at is not null and parameters > 0 and downloads_all_time is not null
),

reached as (
    select l.family_id, l.model_id, l.size_class, a.age_days,
    max_by(l.downloads_all_time, l.look_days) as downloads_so_far
    from looks as l
    join (values (30), (90), (180), (365)) as a (age_days) on l.look_days between a.age_days - 3 and a.age_days
    join metrics.newest_models as m on m.model_id = l.model_id and m.family_id = l.family_id
    where not m.is_packed
    group by l.family_id, l.model_id, l.size_class, a.age_days
)

select
    *, row_number() over (partition by size_class, age_days order by downloads_so_far desc nulls last,
        model_id nulls last) as place
from reached
