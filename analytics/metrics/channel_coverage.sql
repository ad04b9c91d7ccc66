-- question: What could be measured for each family: is there a channel, was it collected, how fully and when?
-- grain: subject, family_id, channel_kind, channel_role
-- unit: share
-- standard: none
-- caveats: The coverage is the mean over the channels of the group, one never collected counting 0; the age is that of the channel
--   longest unvisited. A channel that many families share counts for the families that its threads name.
-- version: 1
with subjects as (
    select *
    from (values
        ('threads', 'tracker', 'tracker', 'issues'), ('threads', 'forum', 'tracker', 'discussions'),
        ('threads', 'forum', 'hub', 'discussions'), ('threads', 'forum', 'forum', 'topics'), ('threads', 'subreddit', 'subreddit', 'posts'),
        ('threads', 'tag', 'tag', 'questions'), ('changes', 'tracker', 'tracker', 'pulls'), ('commits', 'tracker', 'tracker', 'commits'),
        ('releases', 'tracker', 'tracker', 'releases'),
        ('releases', 'changelog', 'changelog', 'entries'), ('incidents', 'status', 'status', 'incidents'),
        ('models', 'hub', 'hub', 'models'), ('lineage', 'hub', 'hub', 'details'), ('notices', 'deprecations', 'deprecations', 'notices')
    ) as s (subject, channel_kind, kept_kind, thing)
),

users as (
    select channel_id, family_id, true as is_own from staging.channels
    union
    select distinct t.channel_id, t.family_id, false
    from staging.threads as t
    join staging.channels as c on c.channel_id = t.channel_id
    where t.family_id is not null and c.family_id = '_shared'
),

visited as (
    select
        s.subject, s.channel_kind, u.family_id, u.is_own, c.channel_id, c.role, c.target,
        case when k.as_of_at is not null or k.coverage_share > 0 then coalesce(k.as_of_at, k.last_run_at) end as as_of_at,
        coalesce(k.coverage_share, 0) as coverage_share,
        coalesce(k.last_error, 'not visited yet') as error
    from staging.channels as c
    join subjects as s on s.kept_kind = c.channel_kind and (coalesce(cardinality(c.things), 0) = 0 or list_contains(c.things, s.thing))
    join users as u on u.channel_id = c.channel_id and (u.is_own or s.subject = 'threads')
    left join staging.collections as k on k.channel_id = c.channel_id and k.thing = s.thing
    where c.is_enabled
),

groups as (
    select subject, family_id, channel_kind, channel_role, channel_id, target, as_of_at, coverage_share, error
    from (
        select *, role as channel_role from visited
        union all
        select *, 'all' from visited where is_own
    ) as either
),

wanted as (
    select f.family_id, f.side, s.subject, s.channel_kind, 'all' as channel_role from staging.families as f cross join subjects as s
    union
    select f.family_id, f.side, g.subject, g.channel_kind, g.channel_role
    from groups as g
    join staging.families as f on f.family_id = g.family_id
)

select
    w.subject, w.family_id, w.side, w.channel_kind, w.channel_role,
    count(g.channel_id) as channels_count,
    count(g.as_of_at) as collected_count,
    case when count(g.channel_id) > 0 then avg(case when g.as_of_at is null then 0 else g.coverage_share end) end as coverage_share,
    min(g.as_of_at) as as_of_at,
    case
        when count(g.channel_id) = 0 then coalesce(max(a.state), 'not collected')
        when count(g.as_of_at) = 0 then 'not collected'
        else 'measured'
    end as coverage_state,
    case
        when count(g.channel_id) = 0 then coalesce(max(a.why), 'The catalog names no channel of this kind.')
        when count(g.as_of_at) = 0 then min(g.target || ': ' || g.error)
        when count(g.as_of_at) < count(g.channel_id)
            then 'Not collected: ' || min(g.target || ' (' || g.error || ')') filter (where g.as_of_at is null)
                || case when count(g.channel_id) - count(g.as_of_at) > 1 then ' and others.' else '.' end
    end as coverage_note
from wanted as w
left join groups as g
    on g.subject = w.subject and g.family_id = w.family_id and g.channel_kind = w.channel_kind and g.channel_role = w.channel_role
left join staging.absences as a on a.family_id = w.family_id and a.channel_kind = w.channel_kind
group by w.subject, w.family_id, w.side, w.channel_kind, w.channel_role
