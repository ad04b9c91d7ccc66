-- question: How few people carry half of the work?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: people
-- standard: CHAOSS Contributor Absence Factor
-- caveats: Merged changes by people; those of bots, agents and deleted accounts are left out. `half` is the smallest number of people who
--   together made at least half of them, `four_fifths` at least 80 %. A person with two accounts counts twice. Own repositories of the
--   family only. A count of the whole population, so without an interval. The same count over organisations is the Elephant Factor.
-- version: 1
with visits as (
    select channel_id, max(coalesce(as_of_at, last_run_at)) as as_of_at from staging.collections where thing = 'pulls' group by channel_id
),

made as (
    select
        c.family_id, case when s.pools_roles then 'all' else c.channel_role end as channel_role, s."window", c.actor_id,
        count(*) as changes_count
    from staging.changes as c
    left join visits as v on v.channel_id = c.channel_id
    cross join metrics.scopes as s
    where c.merged_at is not null and c.family_id is not null and c.actor_id is not null and c.author_role not in ('bot', 'agent')
        and date_diff('microsecond', c.merged_at, coalesce(v.as_of_at, c.seen_at)) / 86400e6 <= s.window_days
    group by all
),

ranked as (
    select
        *,
        sum(changes_count) over (partition by family_id, channel_role, "window") as total_count,
        sum(changes_count) over by_size - changes_count as before_count,
        row_number() over by_size as place
    from made
    window by_size as (
        partition by family_id, channel_role, "window" order by changes_count desc nulls last, actor_id nulls last
        rows between unbounded preceding and current row
    )
),

found as (
    select
        family_id, channel_role, "window", t.statistic, cast(max(total_count) as bigint) as n,
        cast(max(place) filter (where before_count < total_count * t.share) as double) as value
    from ranked
    cross join (values ('half', 0.5), ('four_fifths', 0.8)) as t (statistic, share)
    group by all
),

judged as (
    select
        c.*, t.statistic, w."window", f.value, coalesce(f.n, 0) as n,
        case
            when c.coverage_state <> 'measured' then c.coverage_state
            when coalesce(f.n, 0) < r.min_items_count then 'not enough data'
            else 'measured'
        end as state
    from metrics.channel_coverage as c
    cross join (values ('half'), ('four_fifths')) as t (statistic)
    cross join (select distinct "window" from metrics.scopes) as w
    cross join metrics.rules as r
    left join found as f
        on f.family_id = c.family_id and f.channel_role = c.channel_role and f."window" = w."window" and f.statistic = t.statistic
    where c.subject = 'changes'
)

select
    family_id, side, channel_kind, channel_role, 'people' as segment, statistic, "window",
    case when state = 'measured' then value end as value,
    case when state = 'measured' then value end as low,
    case when state = 'measured' then value end as high,
    'people' as unit, n, n as n_events, cast(0 as bigint) as n_censored, coverage_share, as_of_at, 1 as method_version, state as state,
    nullif(concat_ws(' ', case when state = 'not enough data' then 'Only ' || n || ' merged changes.' end, coverage_note), '') as note
from judged
