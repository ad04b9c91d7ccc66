-- question: What may users do with the weights?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: freedom to use the weights
-- titles: lowest = freedom to use the most restricted weights; highest = freedom to use the freest weights
-- unit: points, 0 to 5
-- better: high
-- standard: none (after the components of the Model Openness Framework, of which only these are collected)
-- caveats: One point each: the weights can be downloaded; without asking anybody first; they may be changed; passed
--   on; used commercially without a cap. Rules for a model's output, and whether data and recipes are open, are not
--   collected. Over all models of the family on the Hub; a licence missing from the table is left out, never guessed.
--   A family whose weights are not published gets the lowest value, because its terms were read by hand. A count of
--   all models, so without an interval. Not legal advice.
-- version: 2
-- proof: analytics/metrics/test_access.py::test_freedom_counts_what_one_may_do
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
        family_id, min(kept_kind) as kept_kind, count(freedom_points) as n,
        count(*) - count(freedom_points) as unknown_count,
        cast(min(freedom_points) as double) as lowest, cast(median(freedom_points) as double) as median,
        cast(max(freedom_points) as double) as highest
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
