-- question: How often are the models downloaded, compared with models of similar size at the same age?
-- title: downloads relative to models of similar size
-- titles: best = best model's downloads relative to models of similar size
-- unit: ratio
-- better: none
-- standard: Relative Adoption Metric (ATOM)
-- caveats: Downloads up to an age, divided by those of the tenth most downloaded model of similar size at that age:
--   above 1, the model is among the first nine; the tenth itself has 1. `best` is the family's highest value, `median`
--   its middle one. No source publishes past counts, so a value requires a model that was observed at that age and ten
--   observed models of its size: years of visits provide them, a first visit does not. Collected families only. Age
--   counts from the creation date on the Hub, which may precede the release; a visit up to three days before the age
--   counts. Sizes: under 2, 9, 40 or 150 billion parameters, or more. Quantized models are excluded. A count of all, so
--   without an interval.
-- proof: analytics/metrics/test_adoption.py::test_models_are_compared_at_the_same_age
-- items: select model_id as item_id, family_id, 'hub' as channel_kind, * from adoption_ages
-- phase: across
-- shape: figure
-- covers: models
-- roles: together
-- of: models
-- segments: 30 days old, 90 days old, 180 days old, 365 days old
-- statistics: best, median
-- windows: all
-- gate: none
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

adoption_ages as (
    select
        l.family_id, l.model_id, l.size_class, a.age_days,
        max_by(l.downloads_all_time, l.look_days) as downloads_so_far,
        row_number() over (partition by l.size_class, a.age_days order by downloads_so_far desc, l.model_id) as place
    from looks as l
    join (values (30), (90), (180), (365)) as a (age_days) on l.look_days between a.age_days - 3 and a.age_days
    join metrics.newest_models as m on m.model_id = l.model_id and m.family_id = l.family_id
    where not m.is_packed
    group by l.family_id, l.model_id, l.size_class, a.age_days
),

ratios as (
    select a.family_id, a.age_days, a.downloads_so_far / cast(nullif(t.downloads_so_far, 0) as double) as ratio
    from adoption_ages as a
    join adoption_ages as t on t.size_class = a.size_class and t.age_days = a.age_days and t.place = 10
)

select
    r.family_id, 'hub' as channel_kind, 'all' as channel_role, cast(r.age_days as varchar) || ' days old' as segment,
    t.statistic, 'all' as "window", case when t.statistic = 'best' then max(r.ratio) else median(r.ratio) end as value,
    value as low, value as high, count(r.ratio) as n, n as n_events, 0 as n_censored,
    cast(null as varchar) as own_state, cast(null as varchar) as own_note
from ratios as r
cross join (values ('best'), ('median')) as t (statistic)
group by r.family_id, r.age_days, t.statistic
