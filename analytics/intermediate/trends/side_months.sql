-- question: How were waiting, incidents and prices in each of the last months, in the mean over the families of a side?
-- grain: side, measure, channel_kind, months_ago
-- published: yes
-- phase: across
-- unit: share, incidents or USD for a million tokens, by measure
-- caveats: Each family has the same weight, and the same families are in all months, so that a line does not move
--   because others are in it: those with a number in each month, back to the one from which three families have one. Of
--   `answered` only families with as many questions in all as a figure needs count. Suspect families do not, and
--   sides of fewer than three have no row.
with unbroken as (
    select * from metrics.family_months
    where measure <> 'works'
    qualify row_number() over (partition by family_id, measure, channel_kind order by months_ago) = months_ago + 1
),

families as (
    select f.side, u.family_id, u.measure, u.channel_kind, count(*) as months_count
    from unbroken as u
    join staging.families as f on f.family_id = u.family_id
    join metrics.channel_coverage as v on v.family_id = u.family_id and v.channel_kind = u.channel_kind
        and v.subject = case u.measure when 'answered' then 'threads' when 'price' then 'prices' else u.measure end
        and v.channel_role = 'all'
    cross join metrics.rules as r
    where f.side in ('open', 'proprietary') and v.coverage_state = 'measured'
    group by f.side, u.family_id, u.measure, u.channel_kind, r.min_items_count
    having u.measure <> 'answered' or sum(u.n) >= r.min_items_count
),

lengths as (
    select side, measure, channel_kind, list(months_count order by months_count desc)[any_value(r.min_families_count)]
        as months_count
    from families
    cross join metrics.rules as r
    group by side, measure, channel_kind
)

select
    f.side, u.measure, u.channel_kind, u.months_ago, max(u.ends_on) as ends_on, round(avg(u.value), 10) as value,
    count(*) as families_count, cast(sum(u.n) as bigint) as n
from unbroken as u
join families as f using (family_id, measure, channel_kind)
join lengths as l using (side, measure, channel_kind)
where f.months_count >= l.months_count and u.months_ago < l.months_count
group by f.side, u.measure, u.channel_kind, u.months_ago
