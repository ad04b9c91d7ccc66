-- question: Which requests for help does each source have, as the source reports them?
-- grain: channel_id, thread_code
-- caveats: One branch per source, with the same columns; a fact that a source does not give is empty, never false. The
--   interpretation is in `threads`. If only a part of the fields was collected, has_all_fields is false.
-- by: channel
select
    channel_id, 'issues' as thing, cast(number as varchar) as thread_code, number,
    title, url, actor_id, author_role, association, opened_at, closed_at, state, close_reason, closed_by_role,
    first_closed_at, reopened_at, fixed_at, fixed_by_id, fixed_by_role, fix_url, has_all_fields,
    cast(null as boolean) as has_accepted, cast(null as timestamp) as accepted_at,
    comments_count as replies_count, label_names, mentioned_families,
    question_type, language, has_code, has_patch, has_command, words_count, reader_version, source_time,
    seen_at
from staging.github__issues
union all
-- GitHub's own categories for news, polls and show-and-tell are no requests for help.
select
    channel_id, 'discussions' as thing, cast(number as varchar) as thread_code, number,
    title, url, actor_id, author_role, association, opened_at, closed_at, state, close_reason,
    cast(null as varchar) as closed_by_role,
    null as first_closed_at, null as reopened_at, null as fixed_at, null as fixed_by_id, null as fixed_by_role,
    null as fix_url, true as has_all_fields, has_accepted, accepted_at,
    comments_count as replies_count, [category] as label_names, mentioned_families,
    question_type, language, has_code, has_patch, has_command, words_count, reader_version, source_time,
    seen_at
from staging.github__discussions
where lower(category) not in ('announcements', 'polls', 'show and tell')
union all
-- Pull requests and reports of abuse are no requests for help.
select
    channel_id, 'discussions' as thing, thread_code, number,
    title, url, actor_id, author_role, association, opened_at, closed_at, state, cast(null as varchar) as close_reason,
    closed_by_role,
    first_closed_at, reopened_at, null as fixed_at, null as fixed_by_id, null as fixed_by_role, null as fix_url,
    true as has_all_fields,
    cast(null as boolean) as has_accepted, cast(null as timestamp) as accepted_at,
    comments_count as replies_count, cast(null as varchar[]) as label_names, mentioned_families,
    question_type, language, has_code, has_patch, has_command, words_count, reader_version, source_time,
    seen_at
from staging.huggingface__discussions
where not is_pull_request and not is_report
union all
-- A thread that is gone is known by its number only, and is no longer a request for help.
select
    channel_id, 'topics' as thing, cast(number as varchar) as thread_code, number,
    title, url, actor_id, author_role, association, opened_at, closed_at, state, cast(null as varchar) as close_reason,
    closed_by_role,
    first_closed_at, reopened_at, null as fixed_at, null as fixed_by_id, null as fixed_by_role, null as fix_url,
    true as has_all_fields,
    has_accepted, cast(null as timestamp) as accepted_at,
    replies_count, label_names, mentioned_families,
    question_type, language, has_code, has_patch, has_command, words_count, reader_version, source_time,
    seen_at
from staging.discourse__topics
where state <> 'gone'
union all
select
    channel_id, 'questions' as thing, cast(number as varchar) as thread_code, number,
    title, url, actor_id, author_role, association, opened_at, closed_at, state, close_reason,
    cast(null as varchar) as closed_by_role,
    null as first_closed_at, null as reopened_at, null as fixed_at, null as fixed_by_id, null as fixed_by_role,
    null as fix_url, true as has_all_fields, has_accepted, cast(null as timestamp) as accepted_at,
    replies_count, label_names, mentioned_families,
    question_type, language, has_code, has_patch, has_command, words_count, reader_version, source_time,
    seen_at
from staging.stackexchange__questions
where state <> 'gone'
union all
-- Reddit also counts comments that it shows to nobody: if all visible ones were read, the thread is complete.
select
    p.channel_id, 'posts' as thing, p.post_id as thread_code, cast(null as bigint) as number,
    cast(null as varchar) as title, p.url, p.actor_id, p.author_role, p.association, p.opened_at,
    cast(null as timestamp) as closed_at,
    p.post_state as state, cast(null as varchar) as close_reason, cast(null as varchar) as closed_by_role,
    null as first_closed_at, null as reopened_at, null as fixed_at, null as fixed_by_id, null as fixed_by_role,
    null as fix_url, true as has_all_fields,
    cast(null as boolean) as has_accepted, cast(null as timestamp) as accepted_at,
    case when t.is_whole and t.comments_count = p.comments_count then t.read_count else p.comments_count
        end as replies_count,
    case when p.label_name is not null then [p.label_name] end as label_names, p.mentioned_families,
    p.question_type, p.language, p.has_code, p.has_patch, p.has_command, p.words_count,
    p.reader_version, p.source_time, p.seen_at
from staging.reddit__posts as p
left join staging.reddit__trees as t on t.channel_id = p.channel_id and t.post_id = p.post_id
where p.post_state in ('open', 'closed')
