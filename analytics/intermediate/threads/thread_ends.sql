-- question: What came first for each request for help, and how did it end?
-- grain: thread_id
-- caveats: What came first is the first reply by a person or an agent, or else a closing without a reply: by a merged
--   change (`fixed`), by a bot or agent (`bot_closed`), by the asker (`asker_closed`), by somebody else (`closed`), or
--   by nobody knows whom (`closed_unknown`: neither who closed it nor why is given, or it was reopened, because only
--   the last closing is stated). A reply at the exact time of the closing comes before it. The outcome is that of the
--   current closing: a thread that is open again has not ended. It is `resolved` if a merged change closed it, or if a
--   person other than the asker closed it as completed. Closings by the asker are separate, whatever the stated reason,
--   because it is unknown whether the problem was solved. Where the closer is not known and the reason does not settle
--   it, the outcome is `unknown`, which is no way of ending. Threads that were deleted or moved away are not included.
--   If has_all_fields is false, the closing is unknown.
with starts as (
    select
        r.thread_id, r.family_id, t.has_all_fields,
        t.fixed_at, t.state, t.closed_at, t.close_reason, t.closed_by_role, t.reopened_at,
        r.first_staff_at, r.first_maintainer_at, r.first_outsider_at, r.first_unknown_at, r.first_agent_at,
        coalesce(t.first_closed_at, t.closed_at) as first_closed_at,
        least(r.first_anyone_at, r.first_agent_at) as first_word_at
    from metrics.thread_responses as r
    join staging.threads as t on t.thread_id = r.thread_id
)

select
    thread_id, family_id, case when not has_all_fields then 'closing not read' end as exclusion_reason,
    least(first_word_at, first_closed_at) as first_at,
    case
        when first_word_at is null and first_closed_at is null then null
        when coalesce(first_word_at > first_closed_at, first_word_at is null) then
            case
                when reopened_at is not null then 'closed_unknown'
                when fixed_at is not null then 'fixed'
                when closed_by_role in ('bot', 'agent') then 'bot_closed'
                when closed_by_role = 'asker' then 'asker_closed'
                when closed_by_role is null and close_reason is null then 'closed_unknown'
                else 'closed'
            end
        when first_word_at = first_staff_at then 'staff'
        when first_word_at = first_maintainer_at then 'maintainer'
        when first_word_at = first_outsider_at then 'outsider'
        when first_word_at = first_unknown_at then 'unknown'
        else 'agent'
    end as first_cause,
    case when state = 'closed' then closed_at end as ended_at,
    case
        when state <> 'closed' or closed_at is null then null
        when fixed_at is not null then 'resolved'
        when closed_by_role in ('bot', 'agent') then 'bot_closed'
        when closed_by_role = 'asker' then 'asker_closed'
        when close_reason = 'not_planned' then 'not_planned'
        when close_reason = 'duplicate' then 'duplicate'
        when closed_by_role is null then 'unknown'
        when close_reason in ('completed', 'resolved') then 'resolved'
        else 'otherwise_closed'
    end as end_cause
from starts
