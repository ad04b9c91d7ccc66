-- question: What could be measured for each family: is there a channel, was it collected, how fully and when?
-- grain: subject, family_id, channel_kind, channel_role
-- published: yes
-- unit: share
-- caveats: Of all subjects but threads and issues (see thread_coverage). Coverage is the mean over the channels of the
--   group, in which a channel never collected counts 0; the age is that of the channel not visited for longest.
with subjects as (select * from metrics.covered_subjects where subject not in ('threads', 'issues')),

channels as (
    select *, cast(null as double) as held_count, cast(null as bigint) as seen_count
    from metrics.covered_channels
    where subject not in ('threads', 'issues')
),

{{coverage}}
