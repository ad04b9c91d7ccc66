-- question: How did vendors change their statements about the end of a model?
-- grain: notice_id, change_seen_at
-- published: yes
-- caveats: Seen at our visits, so the change happened between `last_seen_at` and `change_seen_at`. Everything that a
--   page already had at the first visit appears then. A disappearance is an event, not a withdrawal: some pages drop
--   what is over. A burst that was held back is not here until it was trusted. Only an exact day or a
--   month is promised and can be moved, to another of its kind; a floor ("not before") or a month made exact is
--   `kind changed`, whatever the dates. `edited` means that what is promised stayed and something else in the notice
--   changed, as a floor may.
select
    e.channel_id || '#' || e.notice_code as notice_id,
    case when c.family_id = '_shared' then null else c.family_id end as family_id,
    e.channel_id, n.model, e.change_seen_at, e.last_seen_at,
    case
        when e.event = 'first_seen' then 'appeared'
        when e.event in ('vanished', 'returned') then e.event
        when e.old_shutdown_on is null and e.new_shutdown_on is not null then 'date given'
        when e.old_shutdown_on is not null and e.new_shutdown_on is null then 'date withdrawn'
        when e.new_shutdown_kind <> e.old_shutdown_kind then 'kind changed'
        when e.new_shutdown_kind not in ('exact', 'month') then 'edited'
        when e.new_shutdown_on < e.old_shutdown_on then 'moved earlier'
        when e.new_shutdown_on > e.old_shutdown_on then 'moved later'
        else 'edited'
    end as change,
    case
        when e.event in ('first_seen', 'vanished', 'returned') then 'listing'
        when e.new_shutdown_on is distinct from e.old_shutdown_on then 'shutdown_on'
        when e.new_shutdown_kind is distinct from e.old_shutdown_kind then 'shutdown_kind'
        else 'other'
    end as field,
    e.old_shutdown_on, e.old_shutdown_kind, e.new_shutdown_on, e.new_shutdown_kind
from staging.deprecations__notice_events as e
join staging.deprecations__notices as n on n.channel_id = e.channel_id and n.notice_code = e.notice_code
join raw.catalog__channels as c on c.channel_id = e.channel_id
where e.event <> 'held'
