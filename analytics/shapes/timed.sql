-- question: How long did each item of `waits` take, or how long has it been waiting so far?
-- grain: item_id, segment
-- unit: hours
-- caveats: The end of each query of waits. Items that have not ended are censored at the clock (see visits). If it
--   is only known until `known_until_at` that nothing was missed, an item without an end by then `is_unseen`: it ended no
--   later than its row says, if ever. Such items widen the bounds of the curves; they, negative durations and what the
--   query gives a `reason` for are kept out of the curves.
timed as (
    select
        *, coalesce(until_at, observed_until_at) as last_at, until_at is not null as is_event,
        reason is null and known_until_at is not null and coalesce(until_at > known_until_at, true) as is_unseen
    from waits
)

select
    * exclude (from_at, until_at, observed_until_at, known_until_at, last_at, reason, is_event, is_unseen),
    date_diff('microsecond', from_at, last_at) / 3600e6 as duration_hours, is_event,
    date_diff('microsecond', from_at, observed_until_at) / 3600e6 as watched_hours,
    coalesce(reason, case when last_at < from_at then 'negative' when is_unseen then 'not seen' end)
        as exclusion_reason,
    exclusion_reason is not null as is_excluded, is_unseen and last_at >= from_at as is_unseen
from timed
