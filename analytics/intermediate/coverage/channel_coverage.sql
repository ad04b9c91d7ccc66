-- question: Which subjects could be measured for each family: is there a channel, was it collected, how fully and when?
-- grain: subject, family_id, channel_kind, channel_role
-- published: yes
-- unit: share
-- phase: across
-- caveats: The view of each metric joins it with the metric's figures, which are counted without it. Coverage is the
--   mean over the channels of the group, in which a channel never collected counts 0; the age is that of the channel
--   not visited for longest. Coverage of `threads` is the share of those of which it was seen whether a person answered,
--   of all that the sources know, times the share of the channels that were read: a thread whose replies are missing is
--   known and not seen. Threads older than the completely read period count in neither. A channel that a warning makes
--   `not observable` (channel_warnings) covers nothing, and its group is `suspect`, unless all of it is so. The note
--   says the kind of a fault, never the words of an error, because figures are passed on.
with seen as (
    select
        channel_id, family_id, channel_kind, cast(count(*) as double) as held_count,
        count(*) filter (where first_anyone_at is not null or has_all_replies) as seen_count
    from staging.threads
    where family_id is not null and author_role <> 'bot' and not is_before_reach
    group by all
),

used as (
    select * from metrics.covered_channels where subject not in ('threads', 'issues')
    union all
    select * from metrics.thread_channels
),

channels as (
    select
        c.*, n.state as warned_state, t.held_count, t.seen_count,
        case when c.is_collected then coalesce(k.as_of_at, k.last_run_at, c.read_on) end as as_of_at,
        case when n.state = 'not observable' then 0 when c.read_on is not null then 1
            when k.as_of_at is null then coalesce(k.coverage_share, 0) else k.coverage_share end as coverage_share,
        if(c.channel_kind in ('status', 'changelog'), m.title || '''s page', c.target) || ' ' || n.words as warning,
        case coalesce(k.last_fault, '') when '' then 'not visited yet' when 'none' then 'not read to the end yet'
            when 'unknown' then 'cause not recorded' else k.last_fault end as why
    from used as c
    left join staging.collections as k on k.channel_id = c.channel_id and k.thing = c.thing
    left join staging.families as m on m.family_id = c.family_id
    left join metrics.channel_warnings as n
        on n.channel_id = c.channel_id and n.thing = c.thing and c.is_collected
    left join seen as t
        on c.subject = 'threads' and t.channel_id = c.channel_id and t.family_id = c.family_id
            and t.channel_kind = c.channel_kind
),

wanted as (
    select f.family_id, f.side, s.subject, s.channel_kind, 'all' as channel_role
    from staging.families as f
    cross join metrics.covered_subjects as s
    union
    select f.family_id, f.side, g.subject, g.channel_kind, g.channel_role
    from channels as g
    join staging.families as f on f.family_id = g.family_id
)

select
    w.subject, w.family_id, w.side, w.channel_kind, w.channel_role,
    count(g.channel_id) as channels_count,
    coalesce(
        sum(g.seen_count) filter (where g.coverage_share > 0) / sum(g.held_count / g.coverage_share)
            filter (where g.coverage_share > 0) * count(g.as_of_at) / count(g.channel_id),
        avg(case when g.as_of_at is null then 0 else g.coverage_share end) filter (where g.channel_id is not null)
    ) as coverage_share,
    min(g.as_of_at) as as_of_at,
    case
        when count(g.channel_id) = 0 then coalesce(max(a.state), 'not collected')
        when count(g.as_of_at) = 0 then 'not collected'
        when count(*) filter (where g.warned_state = 'not observable') = count(g.as_of_at) then 'not observable'
        when count(g.warned_state) > 0 then 'suspect'
        else 'measured'
    end as coverage_state,
    case
        when count(g.channel_id) = 0 then coalesce(
            max(a.why), case when w.channel_kind = 'offers' then 'This has not been read by hand yet.'
                else 'The catalog names no channel of this kind.' end
        )
        when count(g.as_of_at) = 0 then min(g.target || ': ' || g.why)
        when count(g.warned_state) > 0
            then min(g.warning)
                || case when count(g.warned_state) > 1 then ', and so do others.' else '.' end
        when count(g.as_of_at) < count(g.channel_id)
            then 'Not collected: ' || min(g.target || ' (' || g.why || ')') filter (where g.as_of_at is null)
                || case when count(g.channel_id) - count(g.as_of_at) > 1 then ' and others.' else '.' end
        -- What Reddit and its terms leave out is no fault of a visit, and yet bounds every figure.
        when w.channel_kind = 'subreddit'
            then 'Posts of the last 180 days only, at most the newest thousand of a first visit. Of very large threads '
                || 'not all comments are read. Posts that only link elsewhere ask nothing and do not count.'
    end as coverage_note
from wanted as w
left join channels as g
    on g.subject = w.subject and g.family_id = w.family_id and g.channel_kind = w.channel_kind
        and g.channel_role = w.channel_role
left join staging.absences as a on a.family_id = w.family_id and a.channel_kind = w.channel_kind
group by w.subject, w.family_id, w.side, w.channel_kind, w.channel_role
