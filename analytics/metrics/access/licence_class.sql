-- question: How much freedom do the licences give the users of the models?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: freedom of the licence
-- titles: lowest = freedom of the strictest licence; highest = freedom of the freest licence
-- unit: class, 1 to 5
-- better: high
-- standard: OSI's list of approved licences, for class 5
-- caveats: 5 approved by OSI, 4 open without a cap, 3 commercial use within limits, 2 non-commercial use only, 1 none
--   or hosted only: see the table of licences. Over all models of the family on the Hub; a licence missing from the
--   table is left out, never guessed. A family whose weights are not published gets the lowest class, because its
--   terms were read by hand. A count of all models, so without an interval. Not legal advice.
-- version: 2
-- proof: analytics/metrics/test_access.py::test_licences_have_classes_and_unknown_ones_none
-- items: select *, 'offers' as channel_kind from metrics.licensed_models
-- shape: figure
-- covers: licences
-- roles: together
-- of: models
-- segments: all
-- statistics: lowest, median, highest
-- windows: all
-- gate: none
with counted as (
    select
        family_id, min(kept_kind) as kept_kind, count(class_points) as n,
        count(*) - count(class_points) as unknown_count,
        cast(min(class_points) as double) as lowest, cast(median(class_points) as double) as median,
        cast(max(class_points) as double) as highest
    from metrics.licensed_models
    group by family_id
),

figures as (
    select c.*, t.statistic, case t.statistic when 'lowest' then c.lowest when 'median' then c.median else c.highest
        end as value
    from counted as c
    cross join (values ('lowest'), ('median'), ('highest')) as t (statistic)
)

select
    f.family_id, 'offers' as channel_kind, 'all' as channel_role, 'all' as segment, f.statistic, 'all' as "window",
    f.value, f.value as low, f.value as high, f.n, f.n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    coalesce(
        case when f.kept_kind = 'facts' then o.fact_note end,
        case when f.unknown_count > 0 then 'Left out: ' || cast(f.unknown_count as varchar)
            || ' for which this is unknown.' end
    ) as own_note
from figures as f
left join metrics.fact_notes as o on o.family_id = f.family_id and o.fact_kind = 'licence'
