-- question: How much wider are the intervals of newcomers and people who asked before, because one person's requests
--   are alike?
-- grain: family_id, channel_kind, channel_role, segment, window
-- unit: none
-- standard: none (variance of the Kaplan-Meier estimate by influence functions, summed by asker)
-- caveats: As in survival_designs, of the waits of newcomers and of people who asked before for an answer within a
--   week, with all requests of one person for one cluster: who asks again is known by that, and one person may make
--   most of them. `swell_factor` is by how much that and Student's quantile for the number of askers make the interval
--   wider than weeks do, never below 1. Groups in which nobody asks twice, or with fewer items than any figure needs,
--   have no row.
-- by: family
-- version: 1
with members as (
    select
        s.stratum_id, d.family_id, d.duration_hours as hours, d.is_event,
        coalesce(t.source, '') || '/' || t.actor_id as asker_id,
        count(*) over (
            partition by s.stratum_id order by d.duration_hours
            range between unbounded preceding and unbounded following
        ) - rank() over (partition by s.stratum_id order by d.duration_hours) + 1 as n_at_risk
    from metrics.survival_durations as d
    join metrics.survival_strata as s
        on s.subject = d.subject and s.family_id = d.family_id and s.channel_kind = d.channel_kind
            and s.member_role = d.channel_role and s.segment = d.segment
    join staging.threads as t on t.thread_id = d.item_id
    where d.subject = 'response' and d.segment in ('newcomer', 'known') and not d.is_excluded
        and d.age_days <= s.window_days and (d.is_pooled or not s.pools_roles) and t.actor_id is not null
),

risks as (
    select
        *, sum(case when is_event then 1.0 / (n_at_risk * n_at_risk) else 0 end)
            over (partition by stratum_id order by hours) as hazard
    from members
),

reached as (
    select
        *, case when hours <= 168 then case when is_event then 1.0 / n_at_risk else 0 end - hazard end as pull,
        coalesce(max(case when hours <= 168 then hazard end) over (partition by stratum_id), 0) as week_hazard
    from risks
),

askers as (
    select
        stratum_id, family_id, asker_id, cast(count(*) as double) as n,
        sum(coalesce(pull, -week_hazard)) as pull, sum(power(coalesce(pull, -week_hazard), 2)) as squares
    from reached
    group by stratum_id, family_id, asker_id
),

spreads as (
    select
        stratum_id, family_id, sum(n) as n, count(*) as groups, sum(n * n) / sum(n) as group_size,
        sum(squares) as independent, sum(pull * pull) as clustered
    from askers
    group by stratum_id, family_id
    having sum(askers.n) >= (select min_items_count from metrics.rules) and count(*) < sum(askers.n)
),

mixed as (
    select
        *, n / group_size - 1 as own_freedom, n / group_size - 1 + assumed_clusters as freedom,
        1 + (group_size - 1) * assumed_likeness as assumed_design,
        -- Where all end at once nothing is left but rounding, which says nothing of askers.
        case when groups > 1 and independent * n > 1e-9
            then clustered * groups / (groups - 1.0) / independent end as seen_design
    from spreads
    cross join metrics.rules
),

designs as (
    select
        stratum_id, greatest(1, (
            own_freedom * coalesce(seen_design, assumed_design) + assumed_clusters * assumed_design
        ) / freedom) as design_effect,
        normal_quantile + (
            student_first + (student_second + (student_third + student_fourth / freedom) / freedom) / freedom
        ) / freedom as reach_quantile
    from mixed
)

select
    t.family_id, t.channel_kind, t.channel_role, t.segment, t."window", d.design_effect,
    greatest(1, sqrt(d.design_effect / c.design_effect) * d.reach_quantile / c.reach_quantile) as swell_factor
from designs as d
join metrics.survival_totals as t on t.stratum_id = d.stratum_id
join metrics.survival_curves as c on c.stratum_id = d.stratum_id and c.at_hours = 168 and c.is_grid
