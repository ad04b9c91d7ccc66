-- question: What may be done with each model of a family?
-- grain: family_id, item_id
-- unit: points
-- stored: no
-- caveats: One point each: the weights can be downloaded; without asking anybody first; they may be changed; passed on;
--   used commercially without a cap. A proprietary family has one row, the family itself: its weights are not available
--   (class 1, no points). Class and points are empty if the licence is not in the table of licences, points also if the
--   Hub does not say whether access must be requested. Terms read by hand count until the day on which they end.
select
    m.family_id, 'hub' as kept_kind, m.model_id as item_id, m.url, m.licence_code, l.class_points,
    1 + case when m.gated = 'no' then 1 when m.gated is not null then 0 end
    + case when l.allows_changes then 1 else 0 end + case when l.allows_passing_on then 1 else 0 end
    + case when l.class_points >= 4 then 1 when l.class_points is not null then 0 end as freedom_points
from metrics.newest_models as m
left join metrics.licence_classes as l on l.licence_code = m.licence_code
union all
select f.family_id, 'facts', f.family_id, min(f.url), null, 1, 0
from staging.facts as f
join staging.families as m on m.family_id = f.family_id
where
    f.fact_kind = 'licence' and m.side = 'proprietary'
    and coalesce(
        f.until_on >= (select cast(max(clock_at) as date) from staging.visits), true
    )
group by f.family_id
