-- question: How few people carry half of the work?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: people
-- standard: CHAOSS Contributor Absence Factor
-- caveats: Of merged changes (segment people) and of commits that are no merges (segment commits), by people; those of bots, agents and deleted
--   accounts are left out. `half` is the smallest number of people who together made at least half of them, `four_fifths` at least 80 %.
--   A person with two accounts counts twice, and so does one who commits under an address that no account has. A commit counts for its
--   author alone, in the window of its own date. Own repositories of the family only. A count of the whole population, so without an
--   interval. The same count over organisations is the Elephant Factor.
-- version: 2
with visits as (
    select channel_id, thing, max(coalesce(as_of_at, last_run_at)) as as_of_at from staging.collections group by channel_id, thing
),

works as (
    select 'people' as segment, 'pulls' as thing, channel_id, family_id, channel_role, actor_id, author_role, merged_at as done_at, seen_at
    from staging.changes
    where merged_at is not null
    union all
    select 'commits', 'commits', channel_id, family_id, channel_role, actor_id, author_role, committed_at, seen_at
    from staging.commits
    where not is_merge
),

made as (
    select
        w.segment, w.family_id, case when s.pools_roles then 'all' else w.channel_role end as channel_role, s."window", w.actor_id,
        count(*) as works_count
    from works as w
    left join visits as v on v.channel_id = w.channel_id and v.thing = w.thing
    cross join metrics.scopes as s
    where w.family_id is not null and w.actor_id is not null and w.author_role not in ('bot', 'agent')
        and date_diff('microsecond', w.done_at, coalesce(v.as_of_at, w.seen_at)) / 86400e6 <= s.window_days
    group by all
),

ranked as (
    select
        *,
        sum(works_count) over (partition by segment, family_id, channel_role, "window") as total_count,
        sum(works_count) over by_size - works_count as before_count,
        row_number() over by_size as place
    from made
    window by_size as (
        partition by segment, family_id, channel_role, "window" order by works_count desc nulls last, actor_id nulls last
        rows between unbounded preceding and current row
    )
),

found as (
    select
        segment, family_id, channel_role, "window", t.statistic, cast(max(total_count) as bigint) as n,
        cast(max(place) filter (where before_count < total_count * t.share) as double) as value
    from ranked
    cross join (values ('half', 0.5), ('four_fifths', 0.8)) as t (statistic, share)
    group by all
),

judged as (
    select
        c.*, g.segment, g.word, t.statistic, w."window", f.value, coalesce(f.n, 0) as n,
        case
            when c.coverage_state <> 'measured' then c.coverage_state
            when coalesce(f.n, 0) < r.min_items_count then 'not enough data'
            else 'measured'
        end as state
    from metrics.channel_coverage as c
    join (values ('people', 'changes', 'merged changes'), ('commits', 'commits', 'commits')) as g (segment, subject, word)
        on g.subject = c.subject
    cross join (values ('half'), ('four_fifths')) as t (statistic)
    cross join (select distinct "window" from metrics.scopes) as w
    cross join metrics.rules as r
    left join found as f
        on f.segment = g.segment and f.family_id = c.family_id and f.channel_role = c.channel_role and f."window" = w."window" and f.statistic = t.statistic
)

select
    family_id, side, channel_kind, channel_role, segment, statistic, "window",
    case when state = 'measured' then value end as value,
    case when state = 'measured' then value end as low,
    case when state = 'measured' then value end as high,
    'people' as unit, n, n as n_events, cast(0 as bigint) as n_censored, coverage_share, as_of_at, 2 as method_version, state as state,
    nullif(concat_ws(' ', case when state = 'not enough data' then 'Only ' || n || ' ' || word || '.' end, coverage_note), '') as note
from judged
