-- question: Could the threads of each family be read: is there a channel, was it collected, how fully and when?
-- grain: subject, family_id, channel_kind, channel_role
-- published: yes
-- unit: share
-- caveats: As channel_coverage. Channels shared by many families count for those that their threads name. Coverage of
--   `threads` is the share of those of which it was seen whether a person answered, of all that the sources know: a
--   thread whose replies are missing is known and not seen. Threads older than the completely read period count in
--   neither.
with subjects as (select * from metrics.covered_subjects where subject in ('threads', 'issues')),

seen as (
    select
        channel_id, family_id, channel_kind, cast(count(*) as double) as held_count,
        count(*) filter (where first_anyone_at is not null or has_all_replies) as seen_count
    from metrics.thread_responses
    where family_id is not null and author_role <> 'bot' and not is_before_reach
    group by all
),

used as (
    select * from metrics.covered_channels
    union all
    select g.* replace (t.family_id as family_id)
    from metrics.covered_channels as g
    join (select distinct channel_id, family_id from staging.threads where family_id is not null) as t
        on t.channel_id = g.channel_id
    where g.family_id = '_shared' and g.channel_role <> 'all'
),

channels as (
    select u.*, t.held_count, t.seen_count
    from used as u
    left join seen as t
        on u.subject = 'threads' and t.channel_id = u.channel_id and t.family_id = u.family_id
            and t.channel_kind = u.channel_kind
    where u.subject in ('threads', 'issues')
),

{{coverage}}
