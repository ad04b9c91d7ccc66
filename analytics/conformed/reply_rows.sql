-- question: Which replies does each source have, as the source reports them?
-- grain: channel_id, reply_code
-- stored: no
-- caveats: One branch per source; a fact that a source does not give is empty, never false. The interpretation is in
--   `replies`. `has_all_earlier` is true if a source gives the oldest replies first: GitHub's issues read with a token,
--   the comments of its discussions (but below one with more than twenty replies an earlier one may be missing), the
--   Hub, forums and tags. Without a token GitHub gives the newest comments first, and Reddit those voted up.
with posts as (
    select
        *, 'issues' as thing, comment_id as reply_code, cast(number as varchar) as thread_code,
        is_hidden and hidden_reason in ('spam', 'abuse') as is_spam, has_all_fields as has_all_earlier
    from staging.github__comments
    union all by name
    select
        *, 'discussions' as thing, comment_id as reply_code, cast(number as varchar) as thread_code,
        is_hidden and hidden_reason in ('spam', 'abuse', 'deleted') as is_spam, parent_id is null as has_all_earlier
    from staging.github__discussion_comments
    union all by name
    select
        *, 'discussions' as thing, event_id as reply_code,
        is_hidden and hidden_reason in ('spam', 'abuse', 'graphic content') as is_spam, true as has_all_earlier
    from staging.huggingface__discussion_events
    where event_kind = 'comment'
    union all by name
    select
        *, 'topics' as thing, cast(number as varchar) as thread_code, is_hidden or is_withdrawn as is_spam,
        true as has_all_earlier
    from staging.discourse__posts
    union all by name
    select *, 'questions' as thing, cast(number as varchar) as thread_code, false as is_spam, true as has_all_earlier
    from staging.stackexchange__answers
    union all by name
    -- A comment that the last complete reading of its post no longer showed was deleted.
    select
        c.*, 'posts' as thing, c.comment_id as reply_code, c.post_id as thread_code, c.post_state <> 'open' as is_spam,
        false as has_all_earlier
    from staging.reddit__comments as c
    left join staging.reddit__trees as t on t.channel_id = c.channel_id and t.post_id = c.post_id
    where not coalesce(t.is_whole, false) or c.seen_at >= t.read_at
)

select
    channel_id, thing, reply_code, thread_code, url, actor_id, author_role, replied_at,
    coalesce(is_spam, false) as is_removed, is_accepted, has_code, has_patch, has_command, words_count,
    has_thanks, has_solved, is_me_too, language, reader_version, seen_at,
    coalesce(has_all_earlier, false) as has_all_earlier
from posts
