-- question: Which requests for help does each source have, as the source reports them?
-- grain: channel_id, thread_code
-- stored: no
-- caveats: One branch per source; a fact that a source does not give is empty, never false. The interpretation is in
--   `threads`. If only a part of the fields was collected, has_all_fields is false.
with requests as (
    select *, 'issues' as thing, cast(number as varchar) as thread_code, comments_count as replies_count
    from staging.github__issues
    union all by name
    -- GitHub's own categories for news, polls and show-and-tell are no requests for help.
    select *, 'discussions' as thing, cast(number as varchar) as thread_code, comments_count as replies_count
    from staging.github__discussions
    where lower(category) not in ('announcements', 'polls', 'show and tell')
    union all by name
    -- Pull requests and reports of abuse are no requests for help.
    select *, 'discussions' as thing, comments_count as replies_count
    from staging.huggingface__discussions
    where not is_pull_request and not is_report
    union all by name
    -- A thread that is gone is known by its number only, and is no longer a request for help.
    select *, 'topics' as thing, cast(number as varchar) as thread_code
    from staging.discourse__topics
    where state <> 'gone'
    union all by name
    select *, 'questions' as thing, cast(number as varchar) as thread_code
    from staging.stackexchange__questions
    where state <> 'gone'
    union all by name
    -- Reddit also counts comments that it shows to nobody: if all visible ones were read, the thread is complete.
    select
        p.*, 'posts' as thing, p.post_id as thread_code, p.post_state as state,
        case when t.is_whole and t.comments_count = p.comments_count then t.read_count else p.comments_count
            end as replies_count
    from staging.reddit__posts as p
    left join staging.reddit__trees as t on t.channel_id = p.channel_id and t.post_id = p.post_id
    where p.post_state in ('open', 'closed')
)

select
    channel_id, thing, thread_code, number, title, url, actor_id, author_role, opened_at, closed_at, state,
    close_reason, closed_by_role, first_closed_at, reopened_at, fixed_at, fixed_by_id, fixed_by_role, fix_url,
    coalesce(has_all_fields, true) as has_all_fields, has_accepted, accepted_at, replies_count,
    mentioned_families, question_type, language, has_code, has_patch, has_command, words_count, reader_version,
    source_time, seen_at
from requests
