-- question: What did people answer to each request for help in its first thirty days?
-- grain: thread_id
-- unit: none
-- standard: none
-- caveats: Threads with at least one answer by a person other than the asker within 30 days; all of these answers
--   together, so that every thread counts once, however much was written in it. Threads observed for less than 30 days
--   have had less time to gather answers and say so in their `exclusion_reason`, as do those with parts that were not
--   seen or not read.
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
        bool_and(is_read) as is_read,
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
    t.has_code_point, t.has_source_point, t.has_docs_link, t.depth_points,
    t.is_all_deflection, t.is_first_deflection, t.is_all_docs_pointer, t.words_count, t.first_words_count,
    case
        when p.is_before_reach then 'older than the completely read period'
        when not p.has_all_replies then 'whose replies were not all collected'
        when not t.is_read then 'whose replies were not analysed'
        when t.first_wait_hours < 0 then 'answered before they were asked'
        when not h.is_watched_30d then 'observed for less than 30 days'
    end as exclusion_reason
from told as t
join metrics.thread_help as h on h.thread_id = t.thread_id
join metrics.thread_responses as p on p.thread_id = t.thread_id
where h.family_id is not null and h.author_role <> 'bot'
