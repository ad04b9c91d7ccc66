-- question: How deep does each answer go?
-- grain: reply_id
-- unit: points
-- standard: none
-- caveats: Replies by people other than the asker (staff, maintainers, outsiders, deleted accounts); bots and agents
--   give no answers here. One point each for code (lines set out as code, a patch or a command), for a reference
--   to source (a link to a file, change or commit, or the name of a file), for a concrete version or setting, and for
--   being verified within 30 days of the question: accepted, or confirmed by the asker directly afterwards. What is
--   said later does not count, since older threads have had more time for it. If the source does not say when an answer
--   was accepted, the time of the answer is used, as in thread_help. Whether a cause is named is read too badly to
--   count, and whether a test is shown cannot be read. Replies whose content was not read have no points, which means
--   unknown, not zero.
-- by: family
-- version: 1
with verified as (
    select answer_id, min(confirmed_at) as confirmed_at
    from metrics.thread_confirmations
    where is_solved and confirmed_by = 'asker'
    group by answer_id
),

read as (
    select
        r.*, t.family_id, t.opened_at,
        coalesce(r.reader_version, 0) >= 2 as is_read,
        coalesce(r.has_code or r.has_patch or r.has_command, false) as has_code_point,
        coalesce(r.source_links_count, 0) + coalesce(r.change_links_count, 0) + coalesce(r.source_paths_count, 0) > 0
            as has_source_point,
        coalesce(date_diff('microsecond', t.opened_at, least(
            case when r.is_accepted then coalesce(t.accepted_at, r.replied_at) end, v.confirmed_at
        )) / 3600e6 <= 720, false) as is_verified
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    join metrics.thread_turns as p on p.reply_id = r.reply_id and p.is_answer
    left join verified as v on v.answer_id = r.reply_id
)

select
    reply_id, thread_id, family_id, url, author_role, replied_at,
    date_diff('microsecond', opened_at, replied_at) / 3600e6 as wait_hours,
    words_count, is_read, has_code_point, has_source_point, coalesce(has_docs_link, false) as has_docs_link,
    coalesce(has_version, false) as has_version_point, is_verified,
    coalesce(is_deflection, false) as is_deflection, coalesce(is_docs_pointer, false) as is_docs_pointer,
    case when is_read then
        case when has_code_point then 1 else 0 end + case when has_source_point then 1 else 0 end + case
            when has_version then 1 else 0 end
        + case when is_verified then 1 else 0 end
    end as depth_points
from read
