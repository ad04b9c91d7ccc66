-- question: Which requests for help, and which replies, are alike because they came in one channel and week?
-- grain: item_id
-- caveats: Threads as in thread_clusters, and replies: `cluster_id` is the channel and ISO week in which the thread of
--   a reply was opened, `answerer_id` is who wrote it. `cluster_key` and `answerer_key` stand for them.
-- by: family
with items as (
    select item_id, family_id, cluster_id, answerer_id, cluster_key from metrics.thread_clusters
    union all
    select r.reply_id, t.family_id, t.cluster_id, r.actor_id, t.cluster_key
    from staging.replies as r
    join metrics.thread_clusters as t on t.item_id = r.thread_id
)

select *, case when answerer_id is not null then hash(md5(answerer_id)) end as answerer_key
from items
