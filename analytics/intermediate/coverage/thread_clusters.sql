-- question: Which requests for help are alike because they came in one channel and week?
-- grain: item_id
-- caveats: `cluster_id` is the channel and ISO week in which a thread was opened; `answerer_id` is the first person
--   other than the asker who replied. `cluster_key` and `answerer_key` number them, so that no metric makes a
--   number of each text again. Replies are in action_clusters, all other items in item_clusters.
with first_answers as (
    select thread_id, min_by(actor_id, (replied_at, reply_id)) as answerer_id
    from staging.replies
    where is_answer
    group by thread_id
)

select
    t.thread_id as item_id, t.family_id, t.channel_id || '/' || strftime(t.opened_at, '%G-W%V') as cluster_id,
    a.answerer_id, case when cluster_id is not null then hash(md5(cluster_id)) end as cluster_key,
    case when a.answerer_id is not null then hash(md5(a.answerer_id)) end as answerer_key
from staging.threads as t
left join first_answers as a on a.thread_id = t.thread_id
