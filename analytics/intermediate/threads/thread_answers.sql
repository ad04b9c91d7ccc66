-- question: What did people answer to each request for help in its first thirty days?
-- grain: thread_id
-- unit: none
-- standard: none
-- caveats: Threads with at least one answer by a person other than the asker within 30 days; all of these answers
--   together, so that every thread counts once, however much was written in it. Threads observed for less than 30 days
--   have had less time to gather answers and say so in their `exclusion_reason`. Where answers of those 30 days are
--   missing or were not analysed, `is_part_seen`: what is held says what the asker got at least. A thread with missing
--   replies and no answer held may have been answered: it is kept as `is_part_seen`, without properties.
-- by: family
-- version: 1
with answers as (
    select
        *,
        row_number() over (partition by thread_id order by replied_at nulls last, reply_id nulls last) as place
    from metrics.answer_depth
    where wait_hours <= 720
),

told as (
    select
        thread_id,
        bool_and(is_read) as is_read, bool_and(is_read) filter (where place = 1) as is_first_read,
        min(wait_hours) as first_wait_hours,
        bool_or(has_code_point) as has_code_point,
        bool_or(has_source_point) as has_source_point,
        bool_or(has_docs_link) as has_docs_link,
        max(depth_points) as depth_points,
        bool_and(is_deflection) as is_all_deflection,
        bool_and(is_docs_pointer) as is_all_docs_pointer,
        bool_or(is_deflection) filter (where place = 1) as is_first_deflection,
        sum(words_count) as words_count,
        max(words_count) filter (where place = 1) as first_words_count
    from answers
    group by thread_id
)

select
    h.thread_id, h.url, h.family_id, h.channel_kind, h.channel_role, h.is_pooled, h.author_role, h.age_days,
    coalesce(t.has_code_point, false) as has_code_point,
    coalesce(t.has_source_point, false) as has_source_point, coalesce(t.has_docs_link, false) as has_docs_link,
    t.depth_points, coalesce(t.is_all_deflection, true) as is_all_deflection,
    t.is_first_deflection, coalesce(t.is_all_docs_pointer, true) as is_all_docs_pointer,
    t.words_count, t.first_words_count,
    coalesce(p.known_hours < 720, false) or coalesce(not t.is_read, false) as is_part_seen,
    coalesce(p.known_hours < coalesce(t.first_wait_hours, 720), false) or coalesce(not t.is_first_read, false)
        as is_first_unseen,
    case
        when p.is_before_reach then 'older than the completely read period'
        when t.first_wait_hours < 0 then 'answered before they were asked'
        when not h.is_watched_30d then 'observed for less than 30 days'
    end as exclusion_reason
from metrics.thread_help as h
join metrics.thread_responses as p on p.thread_id = h.thread_id
left join told as t on t.thread_id = h.thread_id
where h.family_id is not null and h.author_role <> 'bot' and (t.thread_id is not null or p.known_hours < 720)
