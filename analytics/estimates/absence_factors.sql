-- question: How few people did half of the work, and how few four fifths?
-- grain: work, family_id, channel_kind, channel_role, window, statistic
-- unit: people
-- standard: CHAOSS Contributor Absence Factor
-- caveats: `half` is the smallest number of people who together did at least half, `four_fifths` at least 80 %. A
--   person with two accounts counts twice. No gate is applied yet.
with made as (
    select
        w.work, w.family_id, w.channel_kind, case when s.pools_roles then 'all' else w.channel_role
            end as channel_role, s."window", w.actor_id,
        count(*) as works_count
    from metrics.people_works as w
    join metrics.scopes as s on w.age_days <= s.window_days and (w.is_pooled or not s.pools_roles)
    group by all
),

-- People who did equally much are counted before they are ranked: most did little.
sizes as (
    select work, family_id, channel_kind, channel_role, "window", works_count, count(*) as people_count
    from made
    group by all
),

ranked as (
    select
        *, sum(works_count * people_count) over (partition by work, family_id, channel_kind, channel_role, "window")
            as total_count,
        sum(works_count * people_count) over by_size - works_count * people_count as before_count,
        sum(people_count) over by_size - people_count as more_count
    from sizes
    window by_size as (
        partition by work, family_id, channel_kind, channel_role, "window" order by works_count desc
        rows unbounded preceding
    )
)

select
    work, family_id, channel_kind, channel_role, "window", t.statistic, cast(max(total_count) as bigint) as works_count,
    cast(max(
        more_count + least(people_count, ceil((total_count * t.share - before_count) / works_count))
    ) filter (where before_count < total_count * t.share) as double) as people_count
from ranked
cross join (values ('half', 0.5), ('four_fifths', 0.8)) as t (statistic, share)
group by all
