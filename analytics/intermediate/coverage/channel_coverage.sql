-- question: What could be measured for each family: is there a channel, was it collected, how fully and when?
-- grain: subject, family_id, channel_kind, channel_role
-- published: yes
-- unit: share
-- caveats: Coverage is the mean over the channels of the group, in which a channel never collected counts 0; the age is
--   that of the channel not visited for longest. Of `threads` it is those of which it was seen whether a person
--   answered, divided by those that the sources know, over all channels that were read, times the share of the channels
--   that were: a thread whose replies are missing is known and not seen. Threads older than the completely read period
--   count in neither. The note says the kind of a fault, never the words of an error, because figures are passed on.
--   A channel that a warning makes `not observable` (channel_warnings) covers nothing; if one of several is, or any is
--   `suspect`, so is the group.
with seen as (
    select
        channel_id, family_id, channel_kind, cast(count(*) as double) as held_count,
        count(*) filter (where first_anyone_at is not null or has_all_replies) as seen_count
    from metrics.thread_responses
    where family_id is not null and author_role <> 'bot' and not is_before_reach
    group by all
),

channels as (
    select
        c.* replace (if(w.state = 'not observable', 0, c.coverage_share) as coverage_share), w.state as warned_state,
        c.target || ' ' || w.words as warning,
        case coalesce(c.last_fault, '') when '' then 'not visited yet' when 'none' then 'not read to the end yet'
            when 'unknown' then 'cause not recorded' else c.last_fault end as why
    from metrics.covered_channels as c
    left join metrics.channel_warnings as w
        on w.channel_id = c.channel_id and w.thing = c.thing and c.as_of_at is not null
),

wanted as (
    select f.family_id, f.side, s.subject, s.channel_kind, 'all' as channel_role
    from staging.families as f
    cross join metrics.covered_subjects as s
    union
    select f.family_id, f.side, g.subject, g.channel_kind, g.channel_role
    from metrics.covered_channels as g
    join staging.families as f on f.family_id = g.family_id
)

select
    w.subject, w.family_id, w.side, w.channel_kind, w.channel_role,
    count(g.channel_id) as channels_count,
    coalesce(
        sum(t.seen_count) filter (where g.coverage_share > 0) / sum(t.held_count / g.coverage_share)
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
left join seen as t
    on w.subject = 'threads' and t.channel_id = g.channel_id and t.family_id = w.family_id
        and t.channel_kind = w.channel_kind
left join staging.absences as a on a.family_id = w.family_id and a.channel_kind = w.channel_kind
group by w.subject, w.family_id, w.side, w.channel_kind, w.channel_role
