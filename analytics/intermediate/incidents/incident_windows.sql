-- question: From when to when did each incident last, as far as stated?
-- grain: channel_id, incident_id
-- published: yes
-- unit: hours
-- caveats: A length is known only if a start and a later end are stated. An incident posted when it was over, without
--   stated times, has neither a known length nor a length of 0. An open incident without a post for 7 days has an
--   unknown end; unless the page says that it is over, it lasted at least until its last post (`ongoing_until_at`).
--   Disturbances are outages and degradations, including those caused by another firm (`third-party`): users wait all
--   the same. Suspensions of access, maintenance and notes are separate, and so is a disturbance that a monitor posted
--   and withdrew within five minutes: it shows how the page is run, not how the service works. An unknown end lies
--   before `ended_before_at`, the first visit that no longer found the incident ongoing, if there is one. Incidents
--   posted after the clock (see visits) are missing, and those that ended after it are open.
with told as (
    select
        i.* replace (
            if(i.resolved_at > p.visited_at, 'open', i.end_state) as end_state,
            if(i.resolved_at > p.visited_at, false, i.is_over) as is_over,
            if(i.resolved_at > p.visited_at, null, i.resolved_at) as resolved_at,
            if(i.ended_before_at > p.visited_at, null, i.ended_before_at) as ended_before_at,
            if(i.last_update_at > p.visited_at, p.visited_at, i.last_update_at) as last_update_at
        ),
        p.observed_from_at, p.visited_at as observed_until_at
    from staging.incidents as i
    join staging.status_pages as p on p.channel_id = i.channel_id
    where coalesce(i.posted_at <= p.visited_at, true)
),

judged as (
    select
        i.*,
        i.resolved_at is not null and i.started_at is not null and i.resolved_at > i.started_at as is_told,
        i.is_retro and not coalesce(i.resolved_at > i.started_at, false) as is_lost,
        i.end_state = 'open' and i.resolved_at is null
            and date_diff('microsecond', coalesce(i.last_update_at, i.posted_at), i.observed_until_at) / 86400e6
                <= r.open_incident_days as is_open
    from told as i
    cross join metrics.rules as r
)

select
    incident_id, channel_id, family_id, title, url, kind, severity, posted_at,
    coalesce(started_at, posted_at) as started_at,
    case when is_told then resolved_at end as ended_at,
    has_cause, has_postmortem, has_components, is_open, is_retro, is_api,
    is_unattributed, is_start_edited,
    kind in ('outage', 'degraded', 'third-party') and not coalesce(is_brief, false) as is_disturbance,
    not is_lost as is_start_known,
    not is_lost and not is_told and not is_open as is_end_unknown,
    case when not is_lost and not is_told and not is_open and ended_before_at is not null
        then greatest(coalesce(started_at, posted_at), ended_before_at) end as ended_before_at,
    case
        when is_told or is_lost then null
        when is_open then observed_until_at
        -- A page that never says "resolved" falls silent: only what it still stated bounds the length.
        when not coalesce(is_over, false) and last_update_at > coalesce(started_at, posted_at) then last_update_at
    end as ongoing_until_at,
    observed_from_at, observed_until_at,
    date_diff('microsecond', coalesce(started_at, posted_at), observed_until_at) / 86400e6 as age_days,
    case when is_told then date_diff('microsecond', started_at, resolved_at) / 3600e6 end as incident_hours
from judged
