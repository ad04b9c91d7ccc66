-- question: Which replies did any source bring, as it told them?
-- grain: channel_id, reply_code
-- unit: none
-- standard: none
-- caveats: One arm a source, with the same columns; a fact that a source does not give is empty, never false. What is made of it stands in `replies`.
-- version: 1
select
    channel_id, 'issues' as thing, comment_id as reply_code, cast(number as varchar) as thread_code,
    url, actor_id, author_role, association, replied_at,
    coalesce(is_hidden and hidden_reason in ('spam', 'abuse'), false) as is_removed, cast(null as boolean) as is_accepted,
    has_code, code_lines, words_count, source_links, change_links, docs_links, seen_at
from staging.github__comments
union all
select
    channel_id, 'discussions' as thing, comment_id as reply_code, cast(number as varchar) as thread_code,
    url, actor_id, author_role, association, replied_at,
    coalesce(is_hidden and hidden_reason in ('spam', 'abuse', 'deleted'), false) as is_removed, is_accepted,
    has_code, code_lines, words_count, source_links, change_links, docs_links, seen_at
from staging.github__discussion_comments
union all
select
    channel_id, 'discussions' as thing, event_id as reply_code, thread_code,
    url, actor_id, author_role, association, replied_at,
    coalesce(is_hidden and hidden_reason in ('spam', 'abuse', 'graphic content'), false) as is_removed, cast(null as boolean) as is_accepted,
    has_code, code_lines, words_count, source_links, change_links, docs_links, seen_at
from staging.huggingface__discussion_events
where event_kind = 'comment'
union all
select
    channel_id, 'topics' as thing, reply_code, cast(number as varchar) as thread_code,
    url, actor_id, author_role, association, replied_at,
    coalesce(is_hidden or is_withdrawn, false) as is_removed, is_accepted,
    has_code, code_lines, words_count, source_links, change_links, docs_links, seen_at
from staging.discourse__posts
union all
select
    channel_id, 'questions' as thing, reply_code, cast(number as varchar) as thread_code,
    url, actor_id, author_role, association, replied_at,
    false as is_removed, is_accepted,
    has_code, code_lines, words_count, source_links, change_links, docs_links, seen_at
from staging.stackexchange__answers
