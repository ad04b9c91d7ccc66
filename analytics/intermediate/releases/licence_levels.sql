-- question: How free are the strictest, the middle and the freest licence of a family's models?
-- grain: family_id, metric, statistic
-- unit: class or points, as the metric counts
-- caveats: Over all models of a family, or over the family itself if its weights are not available. A model that is
--   unknown to the metric is excluded, and the note says how many are.
with scored as (
    select family_id, kept_kind, 'licence_class' as metric, class_points as points from metrics.licensed_models
    union all
    select family_id, kept_kind, 'weight_freedom_points', freedom_points from metrics.licensed_models
),

counted as (
    select
        family_id, metric, min(kept_kind) as kept_kind, count(points) as n, count(*) - count(points) as unknown_count,
        cast(min(points) as double) as lowest, cast(median(points) as double) as median,
        cast(max(points) as double) as highest
    from scored
    group by family_id, metric
)

select
    c.family_id, c.metric, t.statistic,
    case t.statistic when 'lowest' then c.lowest when 'median' then c.median else c.highest end as value, c.n,
    coalesce(
        case when c.kept_kind = 'facts' then o.fact_note end,
        case when c.unknown_count > 0 then 'Excluded: ' || cast(c.unknown_count as varchar)
            || ' for which this is unknown.' end
    ) as own_note
from counted as c
cross join (values ('lowest'), ('median'), ('highest')) as t (statistic)
left join metrics.fact_notes as o on o.family_id = c.family_id and o.fact_kind = 'licence'
