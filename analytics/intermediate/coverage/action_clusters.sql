-- question: Which replies, and other actions beside them, depend on each other?
-- grain: item_id
-- stored: no
-- caveats: A reply is alike with its thread (thread_clusters). Metrics of replies may count threads and changes, too.
select item_id, family_id, cluster_id, cluster_key from metrics.thread_clusters
union all
select r.reply_id, t.family_id, t.cluster_id, t.cluster_key
from staging.replies as r
join metrics.thread_clusters as t on t.item_id = r.thread_id
union all
from metrics.item_clusters
