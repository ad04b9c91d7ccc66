-- question: How long did it take until anything came first for a request, or until a report was closed, and how?
-- grain: item_id, wait
-- unit: hours
-- stored: no
-- caveats: Of `first` the `cause` is the role of the first person or agent who replied, or else how it was closed
--   without a reply: by a merged change (`fixed`), by a bot or agent (`bot_closed`), by the asker (`asker_closed`), by
--   somebody else (`closed`), or by nobody knows whom (`closed_unknown`: neither who closed it nor why is given, or it
--   was reopened, because only the last closing is stated). A reply at the exact time of the closing comes before it.
--   Of `resolution`, which trackers alone have, the `cause` is that of the current closing: a thread that is open again
--   has not ended. It is `resolved` if a merged change closed it, or if a person other than the asker closed it as
--   completed. Closings by the asker are separate, whatever the stated reason, because it is unknown whether the
--   problem was solved. Where the closer is not known and the reason does not settle it, it is `unknown`, which is no
--   way of ending. Excluded are threads whose closing was not read, and those older than the completely read period;
--   see also answer_waits.
with waits as (
    select
        t.thread_id as item_id, e.wait, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled,
        true as is_apart, 'all' as segment, t.age_days, t.opened_at as from_at, t.observed_until_at,
        case when e.wait = 'first' then t.first_at when t.closing_cause is not null then t.closed_at end as until_at,
        if(e.wait = 'first', t.first_cause, t.closing_cause) as cause,
        case when t.is_before_reach then 'before reach' when not t.has_all_fields then 'closing not read' end as reason,
        if(e.wait = 'first', t.known_until_at, null) as known_until_at
    from staging.threads as t
    join (values ('first'), ('resolution')) as e (wait) on e.wait = 'first' or t.channel_kind = 'tracker'
    where t.family_id is not null and t.author_role <> 'bot'
),

{{timed}}
