-- question: How many requests for help were excluded from a figure or not seen in full, and why?
-- grain: family_id, channel_kind, channel_role, segment, window
-- unit: threads
-- caveats: Negative waits come from clocks that disagree or from posts moved between channels. Threads of shared
--   channels that name no family, or several, belong to none: their number is that of all of them in the channels of
--   that role. Groups that lost nothing have no row. `role_note` says in how many threads roles are those at the first
--   visit.
with left_out as (
    select family_id, channel_kind, channel_role, is_pooled, is_apart, age_days, segment, exclusion_reason as reason
    from metrics.answer_waits
    where is_excluded
    union all
    select t.family_id, t.channel_kind, t.channel_role, t.is_own, s.is_apart, t.age_days, s.segment, 'bot'
    from staging.threads as t
    cross join (values
        ('anyone', true), ('staff', true), ('maintainer', true), ('outsider', true), ('agent', true),
        ('bots:strict', false), ('bots:lenient', false)
    ) as s (segment, is_apart)
    where t.author_role = 'bot' and t.family_id is not null
    union all
    select c.family_id, t.channel_kind, t.channel_role, false, true, t.age_days, s.segment, 'nobody'
    from metrics.unattributed_threads as t
    join (select distinct family_id, channel_kind, channel_role from metrics.thread_channels) as c
        on c.channel_kind = t.channel_kind and c.channel_role = t.channel_role
    cross join (values ('anyone'), ('staff'), ('maintainer'), ('outsider'), ('agent')) as s (segment)
    union all
    select t.family_id, t.channel_kind, t.channel_role, t.is_own, true, t.age_days, s.segment, 'before visits'
    from staging.threads as t
    cross join (values ('anyone'), ('staff'), ('maintainer'), ('outsider')) as s (segment)
    where t.is_before_visits and t.author_role <> 'bot' and t.family_id is not null
)

select
    l.family_id, l.channel_kind, case when s.pools_roles then 'all' else l.channel_role end as channel_role, l.segment,
    s."window", count(*) filter (where l.reason = 'nobody') as unattributed_count,
    case when count(*) filter (where l.reason = 'before visits') > 0 then 'Roles in '
        || count(*) filter (where l.reason = 'before visits')
        || ' threads are those at the first visit, which came later.' end as role_note,
    case count(*) filter (where l.reason = 'not seen') when 0 then null
        when 1 then 'For 1 question it is not known when it was answered, if at all: replies are missing.'
        else 'For ' || count(*) filter (where l.reason = 'not seen')
            || ' questions it is not known when they were answered, if at all: replies are missing.' end as unseen_note,
    nullif(concat_ws(
        ' ',
        case when count(*) filter (where l.reason = 'negative') > 0
            then 'Excluded: ' || count(*) filter (where l.reason = 'negative')
                || ' answered before they were asked (clocks disagree).' end,
        case when count(*) filter (where l.reason = 'before reach') > 0
            then 'Excluded: ' || count(*) filter (where l.reason = 'before reach')
                || ' older than the completely read period.' end,
        case when count(*) filter (where l.reason = 'bot') > 0
            then 'Excluded: ' || count(*) filter (where l.reason = 'bot') || ' opened by bots.' end,
        case when count(*) filter (where l.reason = 'nobody') > 0
            then 'Excluded: ' || count(*) filter (where l.reason = 'nobody')
                || ' of shared channels that name no family, or several.' end
    ), '') as exclusion_note
from left_out as l
join metrics.scopes as s on l.age_days <= s.window_days
    and (l.is_pooled and s.pools_roles or l.is_apart and not s.pools_roles)
group by all
