-- question: Which requests for help, and which replies, are alike because they came in one channel and week?
-- grain: item_id
-- unit: none
-- standard: none
-- caveats: Threads as in thread_clusters, and replies: `cluster_id` is the channel and ISO week in which the thread of
--   a reply was opened, `answerer_id` is who wrote it. `cluster_key` and `answerer_key` stand for them.
-- by: family
-- version: 1
with members as (
    select item_id, family_id, cluster_id, answerer_id from metrics.thread_clusters
    union all
    select r.reply_id, t.family_id, t.channel_id || '/' || strftime(t.opened_at, '%G-W%V'), r.actor_id
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
),

-- A forum numbers its topics and its posts apart, so that two items may bear one id.
items as (
    select item_id, min(family_id) as family_id, min(cluster_id) as cluster_id, min(answerer_id) as answerer_id
    from members
    group by item_id
)

select
    *, case when cluster_id is not null then hash(md5(cluster_id)) end as cluster_key,
    case when answerer_id is not null then hash(md5(answerer_id)) end as answerer_key
from items
