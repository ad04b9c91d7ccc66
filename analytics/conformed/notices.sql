-- question: Which models, endpoints and features have vendors announced the end of, when did they announce it, and what
--   should be used instead?
-- grain: notice_id
-- published: yes
-- caveats: One row per model and announcement, as the page last stated it; a model that was announced twice has two,
--   and `is_latest` marks the latest: of notices still on the page if there are any, so that a page that drops its
--   days of announcement does not speak by a notice that it took off. Only dates of the kind `exact` are days: an
--   earliest date (`not_before`) is no promise, and a month is dated by its first day. If a page does not date its
--   announcements, the day of announcement is empty and `first_seen_at` is only a bound. Notices that vanished from the
--   page stay, unlisted. Channels shared by many families belong to none of them; on a host's page, only the models
--   that the catalog names belong to the family.
with patterns as (
    select channel_id, replace(lower(pattern), '*', '%') as pattern
    from (select channel_id, unnest(models) as pattern from raw.catalog__channels where source = 'deprecations')
        as listed
),

foreign_models as (
    select n.channel_id, n.model
    from staging.deprecations__notices as n
    join patterns as p on p.channel_id = n.channel_id
    group by n.channel_id, n.model
    having not bool_or(lower(n.model) like p.pattern)
),

stated as (
    select
        channel_id, notice_code,
        min(change_seen_at) as first_seen_at,
        max_by(event, event_number) as last_event,
        max_by(last_seen_at, event_number) as seen_before_at,
        max(change_seen_at) as change_seen_at
    from staging.deprecations__notice_events
    where event <> 'held'
    group by channel_id, notice_code
)

select
    n.channel_id || '#' || n.notice_code as notice_id,
    case when c.family_id <> '_shared' and f.model is null then c.family_id end as family_id,
    n.channel_id, n.model, n.subject_kind, n.region,
    n.announced_on, n.announced_kind, n.deprecated_on, n.shutdown_on, n.shutdown_kind, n.closed_to_new_on,
    n.replacement, n.stage, n.url,
    t.first_seen_at,
    case
        when t.last_event = 'vanished' then t.seen_before_at
        else greatest(t.change_seen_at, v.clock_at)
    end as last_seen_at,
    t.last_event <> 'vanished' as is_listed,
    row_number() over (
        partition by n.channel_id, n.model, n.subject_kind, n.region
        order by t.last_event <> 'vanished' desc, n.announced_on desc nulls last, n.shutdown_on desc nulls last,
            n.notice_code desc
    ) = 1 as is_latest
from staging.deprecations__notices as n
join stated as t on t.channel_id = n.channel_id and t.notice_code = n.notice_code
join raw.catalog__channels as c on c.channel_id = n.channel_id
left join staging.visits as v on v.channel_id = n.channel_id and v.thing = 'notices'
left join foreign_models as f on f.channel_id = n.channel_id and f.model = n.model
