-- question: What share of answered askers gets code?
-- title: answers with code
-- unit: share
-- better: high
-- caveats: Of threads that a person answered within 30 days: at least one of these answers contains lines set out as
--   code, a patch or a command; up to version 3 code counted from three lines on. Channels differ in how they format
--   code, so compare only channels of the same kind. If answers are missing and none held has code, it was not seen.
-- version: 5
-- proof: analytics/metrics/test_depth.py::test_code_in_any_answer_counts_once
-- shape: share
-- covers: threads
-- of: answered threads
-- segments: all
-- statistics: any
-- features: code_in_answers
-- readings: any = code_in_answers=any
with answered as (
    select
        r.thread_id, bool_or(coalesce(r.has_code or r.has_patch or r.has_command, false)) as has_code,
        bool_and(coalesce(r.reader_version, 0) >= 2) as is_read,
        min_by(r.actor_id, r.reply_id) filter (where r.replied_at = t.first_anyone_at) as answerer_id
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    where r.is_answer and date_diff('microsecond', t.opened_at, r.replied_at) / 3600e6 <= 720
    group by r.thread_id
)

select
    h.thread_id as item_id, h.url, h.family_id, h.channel_kind, h.channel_role, h.is_own as is_pooled, g.segment,
    'any' as statistic, h.age_days, coalesce(a.has_code, false) as is_yes,
    (coalesce(h.known_hours < 720, false) or coalesce(not a.is_read, false)) and not coalesce(a.has_code, false)
        as is_unseen, a.answerer_id as person_id,
    case
        when h.is_before_reach then 'older than the completely read period'
        when h.first_anyone_at < h.opened_at then 'answered before they were asked'
        when not h.is_watched_30d then 'observed for less than 30 days'
    end as exclusion_reason
from staging.threads as h
join metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%'
left join answered as a on a.thread_id = h.thread_id
where h.family_id is not null and h.author_role <> 'bot' and (a.thread_id is not null or h.known_hours < 720)
