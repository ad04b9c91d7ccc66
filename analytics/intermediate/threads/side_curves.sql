-- question: What share of askers has an answer by a person after so many hours, in the mean over the families of a side?
-- grain: side, channel_kind, channel_role, segment, window, hours
-- published: yes
-- phase: across
-- unit: share
-- standard: directly adjusted survival curves (Gail and Byar 1986), each family with the same weight; intervals by the
--   squares of the families' distances (Zou and Donner's MOVER)
-- caveats: The mean of the families' own curves, so that no large family speaks for its side. A family counts if its
--   curve, up to the last hour, is worth as many questions as a figure needs: those still waiting, divided by the share
--   without an answer (Peto and others 1977). The last hour is 30 days after asking, and 7 in the window of 30 days.
--   Suspect families do not count, and sides of fewer than three have no curve. The band is about askers of these
--   families; it says nothing of other families, and the mix of questions is not matched.
with own as (
    select
        c.* exclude (n_at_risk), a.side, a.n, a.as_of_at, a.coverage_share,
        max(c.hours) filter (where c.n_at_risk >= round(r.min_items_count * (1 - c.value), 2)) over (
            partition by c.family_id, c.channel_kind, c.channel_role, c.segment, c."window"
        ) as reached_hours, if(c."window" = '30d', 168, 720) as last_hours, r.min_families_count
    from metrics.answer_curves as c
    join metrics.answered_share as a using (family_id, channel_kind, channel_role, segment, "window")
    cross join metrics.rules as r
    where a.statistic = 'within_7d' and a.state = 'measured' and a.side in ('open', 'proprietary')
    qualify reached_hours >= last_hours
),

-- Of hours at which nothing changes a curve has only the last.
filled as (
    select o.* exclude (hours), g.hours
    from (select distinct hours from metrics.answer_curves) as g
    join (
        select *, lead(hours) over (
            partition by family_id, channel_kind, channel_role, segment, "window" order by hours
        ) as next_hours
        from own
    ) as o on g.hours <= o.last_hours and g.hours >= o.hours and coalesce(g.hours < o.next_hours, true)
)

select
    side, channel_kind, channel_role, segment, "window", hours, round(avg(value), 10) as value,
    round(greatest(0, avg(value) - sqrt(sum(power(value - low, 2))) / count(*)), 10) as low,
    round(least(1, avg(value) + sqrt(sum(power(high - value, 2))) / count(*)), 10) as high,
    count(*) as families_count, cast(sum(n) as bigint) as n, min(as_of_at) as as_of_at,
    min(coverage_share) as coverage_share
from filled
group by side, channel_kind, channel_role, segment, "window", hours
having count(*) >= any_value(min_families_count)
