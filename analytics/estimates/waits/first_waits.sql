-- question: How long did it take until anything came first for a request, and what?
-- grain: item_id, segment
-- unit: hours
-- caveats: The `cause` is the role of the first person or agent who replied, or else how it was closed without a reply:
--   by a merged change (`fixed`), by a bot or agent (`bot_closed`), by the asker (`asker_closed`), by somebody else
--   (`closed`), or by nobody knows whom (`closed_unknown`: neither who closed it nor why is given, or it was reopened,
--   because only the last closing is stated). A reply at the exact time of the closing comes before it. Excluded are
--   threads whose closing was not read, and those older than the completely read period. Threads opened by bots or that
--   name no single family are absent.
with starts as (
    select
        * replace (coalesce(first_closed_at, closed_at) as first_closed_at),
        least(first_anyone_at, first_agent_at) as first_word_at
    from staging.threads
    where family_id is not null and author_role <> 'bot'
),

waits as (
    select
        s.thread_id as item_id, s.family_id, s.channel_kind, s.channel_role, s.is_own as is_pooled, true as is_apart,
        'all' as segment, s.age_days, k.cluster_key, s.opened_at as from_at, s.observed_until_at,
        least(s.first_word_at, s.first_closed_at) as until_at,
        case
            when s.first_word_at is null and s.first_closed_at is null then null
            when coalesce(s.first_word_at > s.first_closed_at, s.first_word_at is null) then
                case
                    when s.reopened_at is not null then 'closed_unknown'
                    when s.fixed_at is not null then 'fixed'
                    when s.closed_by_role in ('bot', 'agent') then 'bot_closed'
                    when s.closed_by_role = 'asker' then 'asker_closed'
                    when s.closed_by_role is null and s.close_reason is null then 'closed_unknown'
                    else 'closed'
                end
            when s.first_word_at = s.first_staff_at then 'staff'
            when s.first_word_at = s.first_maintainer_at then 'maintainer'
            when s.first_word_at = s.first_outsider_at then 'outsider'
            when s.first_word_at = s.first_unknown_at then 'unknown'
            else 'agent'
        end as cause,
        case when s.is_before_reach then 'before reach' when not s.has_all_fields then 'closing not read' end as reason,
        s.known_until_at
    from starts as s
    left join metrics.thread_clusters as k on k.item_id = s.thread_id
),

{{timed}}
