-- question: Which proposed changes depend on each other because they came in one channel and week?
-- grain: item_id
-- caveats: `cluster_id` is the channel and ISO week in which a change was opened.
--   `cluster_key` stands for it.
-- by: family
with items as (
    select
        change_id as item_id, family_id, channel_id || '/' || strftime(opened_at, '%G-W%V') as cluster_id,
        cast(null as varchar) as answerer_id
    from staging.changes
)

select
    *, case when cluster_id is not null then hash(md5(cluster_id)) end as cluster_key,
    case when answerer_id is not null then hash(md5(answerer_id)) end as answerer_key
from items
