-- question: How much does the number of proposed changes vary from month to month?
-- grain: family_id, channel_role, segment
-- unit: squared coefficient of variation
-- standard: none
-- caveats: The variance of the proposals of a month less their mean, which is what chance gives, over the square of the
--   mean. Of whole months of at most a year back that were read, since the first proposal; of fewer than six, none. It
--   is mixed with an assumption that counts for four months more: that they vary by 30 %, as far as the months make it
--   likelier than chance alone (see event_dispersions). Never below 0.
-- by: family
-- version: 1
with monthly as (
    select
        d.family_id, case when p.pools_roles then 'all' else d.channel_role end as channel_role, d.segment,
        floor(d.opened_days / 30) as month_number, cast(count(*) as double) as month_count,
        min(d.read_days) as read_days
    from metrics.dated_changes as d
    cross join (select distinct pools_roles from metrics.scopes) as p
    group by all
),

spanned as (
    select *, least(max(month_number) over s, floor((min(read_days) over s + 1) / 30), 12) as months_count
    from monthly
    window s as (partition by family_id, channel_role, segment)
),

varied as (
    select
        family_id, channel_role, segment, any_value(months_count) - 1 as freedom,
        sum(month_count) / any_value(months_count) as mean,
        (sum(power(month_count, 2)) - power(sum(month_count), 2) / any_value(months_count))
            / (any_value(months_count) - 1) as variance
    from spanned
    where month_number < months_count and months_count >= 6
    group by all
),

weighed as (
    select
        v.*, r.assumed_clusters, power(r.assumed_variation, 2) / (1 + exp(least(500, freedom / 2 * (
            ln(1 + power(r.assumed_variation, 2) * mean)
            - variance / mean * (1 - 1 / (1 + power(r.assumed_variation, 2) * mean))
        ))) / r.assumed_odds) as likely
    from varied as v
    cross join metrics.rules as r
)

select
    family_id, channel_role, segment, greatest(0, (
        freedom * (variance - mean) / power(mean, 2) + assumed_clusters * likely
    ) / (freedom + assumed_clusters)) as variation
from weighed
