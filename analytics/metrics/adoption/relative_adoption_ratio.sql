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
--   counts from the creation date on the Hub, which may precede the release. A count of all, so without an interval.
-- by: none
-- proof: analytics/metrics/test_adoption.py::test_models_are_compared_at_the_same_age
-- items: select model_id as item_id, family_id, 'hub' as channel_kind, * from metrics.adoption_ages
-- shape: figure
-- covers: models
-- roles: together
-- of: models
-- segments: 30 days old, 90 days old, 180 days old, 365 days old
-- statistics: best, median
-- windows: all
-- gate: none
with ratios as (
    select a.family_id, a.age_days, a.downloads_so_far / cast(nullif(t.downloads_so_far, 0) as double) as ratio
    from metrics.adoption_ages as a
    join metrics.adoption_ages as t on t.size_class = a.size_class and t.age_days = a.age_days and t.place = 10
),

figures as (
    select
        r.family_id, r.age_days, t.statistic, count(r.ratio) as n,
        case when t.statistic = 'best' then max(r.ratio) else median(r.ratio) end as value
    from ratios as r
    cross join (values ('best'), ('median')) as t (statistic)
    group by r.family_id, r.age_days, t.statistic
)

select
    family_id, 'hub' as channel_kind, 'all' as channel_role, cast(age_days as varchar) || ' days old' as segment,
    statistic, 'all' as "window",
    value, value as low, value as high, n, n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    cast(null as varchar) as own_note
from figures
