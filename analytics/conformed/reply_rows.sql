-- question: Which replies does each source have, as the source reports them?
-- grain: channel_id, reply_code
-- caveats: One branch per source, with the same columns; a fact that a source does not give is empty, never false. The
--   interpretation is in `replies`. `has_all_earlier` says where a source gives the oldest replies first: GitHub's
--   issues read with a token, the comments of its discussions (but below one with more than twenty replies an earlier
--   one may be missing), the Hub, forums and tags. Without a token GitHub gives the newest comments first, and Reddit
--   those voted up.
-- by: channel
select
    channel_id, 'issues' as thing, comment_id as reply_code, cast(number as varchar) as thread_code,
    url, actor_id, author_role, association, replied_at,
    coalesce(is_hidden and hidden_reason in ('spam', 'abuse'), false) as is_removed,
    cast(null as boolean) as is_accepted,
    has_code, code_lines, has_patch, has_command, words_count, has_thanks, has_solved, is_me_too, language,
    reader_version, seen_at, coalesce(has_all_fields, false) as has_all_earlier
from staging.github__comments
union all
select
    channel_id, 'discussions' as thing, comment_id as reply_code, cast(number as varchar) as thread_code,
    url, actor_id, author_role, association, replied_at,
    coalesce(is_hidden and hidden_reason in ('spam', 'abuse', 'deleted'), false) as is_removed, is_accepted,
    has_code, code_lines, has_patch, has_command, words_count, has_thanks, has_solved, is_me_too, language,
    reader_version, seen_at, parent_id is null as has_all_earlier
from staging.github__discussion_comments
union all
select
    channel_id, 'discussions' as thing, event_id as reply_code, thread_code,
    url, actor_id, author_role, association, replied_at,
    coalesce(is_hidden and hidden_reason in ('spam', 'abuse', 'graphic content'), false) as is_removed,
    cast(null as boolean) as is_accepted,
    has_code, code_lines, has_patch, has_command, words_count, has_thanks, has_solved, is_me_too, language,
    reader_version, seen_at, true as has_all_earlier
from staging.huggingface__discussion_events
where event_kind = 'comment'
union all
select
    channel_id, 'topics' as thing, reply_code, cast(number as varchar) as thread_code,
    url, actor_id, author_role, association, replied_at,
    coalesce(is_hidden or is_withdrawn, false) as is_removed, is_accepted,
    has_code, code_lines, has_patch, has_command, words_count, has_thanks, has_solved, is_me_too, language,
    reader_version, seen_at, true as has_all_earlier
from staging.discourse__posts
union all
select
    channel_id, 'questions' as thing, reply_code, cast(number as varchar) as thread_code,
    url, actor_id, author_role, association, replied_at,
    false as is_removed, is_accepted,
    has_code, code_lines, has_patch, has_command, words_count, has_thanks, has_solved, is_me_too, language,
    reader_version, seen_at, true as has_all_earlier
from staging.stackexchange__answers
union all
-- A comment that the last complete reading of its post no longer showed was deleted.
select
    c.channel_id, 'posts' as thing, c.comment_id as reply_code, c.post_id as thread_code,
    c.url, c.actor_id, c.author_role, c.association, c.replied_at,
    c.post_state <> 'open' as is_removed, cast(null as boolean) as is_accepted,
    c.has_code, c.code_lines, c.has_patch, c.has_command, c.words_count, c.has_thanks, c.has_solved, c.is_me_too,
    c.language, c.reader_version, c.seen_at, false as has_all_earlier
from staging.reddit__comments as c
left join staging.reddit__trees as t on t.channel_id = c.channel_id and t.post_id = c.post_id
where not coalesce(t.is_whole, false) or c.seen_at >= t.read_at
