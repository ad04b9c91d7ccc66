-- question: Which pull requests does each repository have, as last seen?
-- grain: channel_id, number
-- caveats: The author's association is as first seen. A first visit reaches back to its `since` by opening.
--   First answers are sought among ten reviews and ten comments; if there are more and none of these is by another
--   person, `has_all_answers` is false and an empty first answer means unknown. Anyone who merged counts as a
--   maintainer unless seen in another role. Whether it is the author's first is taken from GitHub when first seen, and
--   known only if the pull request was still open then: a merge makes its author a contributor, so among older ones
--   only the failures would still be called first.
-- first seen: author_role, association, is_first_time
select
    channel_id,
    cast(body->>'$.number' as bigint) as number,
    body->>'$.title' as title,
    body->>'$.url' as url,
    cast(body->>'$.created_at' as timestamp) as opened_at,
    cast(body->>'$.closed_at' as timestamp) as closed_at,
    cast(body->>'$.merged_at' as timestamp) as merged_at,
    body->>'$.state' as state,
    cast(body->>'$.is_draft' as boolean) as is_draft,
    cast(body->>'$.comments' as bigint) as comments_count,
    cast(body->>'$.reviews' as bigint) as reviews_count,
    body->>'$.merged_by_role' as merged_by_role,
    cast(body->>'$.is_self_merged' as boolean) as is_self_merged,
    cast(body->>'$.is_first_time' as boolean) as is_first_time,
    cast(body->>'$.first_review_at' as timestamp) as first_review_at,
    body->>'$.first_review_role' as first_review_role,
    cast(body->>'$.first_reply_at' as timestamp) as first_reply_at,
    body->>'$.first_reply_role' as first_reply_role,
    cast(body->>'$.has_all_answers' as boolean) as has_all_answers,
    body->>'$.actor' as actor_id,
    body->>'$.role' as author_role,
    body->>'$.association' as association,
    source_time,
    seen_at
from raw.github__pulls
