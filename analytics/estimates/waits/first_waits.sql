-- question: How long did it take until anything came first for a request, and what?
-- grain: item_id, segment
-- unit: hours
-- stored: no
-- caveats: The `cause` is the role of the first person or agent who replied, or else how it was closed without a reply:
--   by a merged change (`fixed`), by a bot or agent (`bot_closed`), by the asker (`asker_closed`), by somebody else
--   (`closed`), or by nobody knows whom (`closed_unknown`: neither who closed it nor why is given, or it was reopened,
--   because only the last closing is stated). A reply at the exact time of the closing comes before it. Excluded are
--   threads whose closing was not read, and those older than the completely read period; see also thread_waits.
with waits as (
    select
        item_id, family_id, channel_kind, channel_role, is_pooled, true as is_apart, 'all' as segment, age_days,
        cluster_key, opened_at as from_at, observed_until_at, first_at as until_at, first_cause as cause,
        case when is_before_reach then 'before reach' when not has_all_fields then 'closing not read' end as reason,
        known_until_at
    from metrics.thread_waits
),

{{timed}}
