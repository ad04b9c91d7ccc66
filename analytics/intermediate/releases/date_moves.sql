-- question: When was an announced last day moved, and to which day?
-- grain: notice_id, change_seen_at
-- caveats: For models, endpoints and features. Only exact days: a day that is given for the first time, or in
--   the place of a month or of an earliest date ("not before"), is no move.
select
    notice_id, channel_id, family_id, model, change_seen_at, old_shutdown_on, new_shutdown_on,
    case change when 'moved earlier' then 'earlier' when 'moved later' then 'later' else 'withdrawn' end as change
from staging.notice_changes
where change in ('moved earlier', 'moved later', 'date withdrawn') and old_shutdown_kind = 'exact'
    and family_id is not null
