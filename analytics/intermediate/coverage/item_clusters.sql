-- question: Which items depend on each other, because one event, week or person brought them about?
-- grain: item_id
-- caveats: `cluster_id` is the channel and ISO week in which a thread was opened, for the thread and its replies alike,
--   and for a change likewise; the page and its run of incidents, each of which began within six hours of the one
--   before; the page and day on which notices were announced. `answerer_id` is who wrote a reply, and for a thread the
--   first person other than the asker who replied. `cluster_key` and `answerer_key` stand for them. An item that is not
--   here depends on no other.
-- by: family
select * from metrics.post_clusters
union all
select * from metrics.change_clusters
union all
select * from metrics.incident_clusters
union all
select * from metrics.notice_clusters
