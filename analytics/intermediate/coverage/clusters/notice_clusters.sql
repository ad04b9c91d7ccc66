-- question: Which notices depend on each other because they were announced together?
-- grain: item_id
-- caveats: `cluster_id` is the page and day on which notices were announced.
--   `cluster_key` stands for it.
-- by: family
with items as (
    select
        notice_id as item_id, family_id,
        channel_id || '/' || coalesce(cast(first_announced_on as varchar), 'undated') as cluster_id,
        cast(null as varchar) as answerer_id
    from metrics.model_notices
)

select
    *, case when cluster_id is not null then hash(md5(cluster_id)) end as cluster_key,
    case when answerer_id is not null then hash(md5(answerer_id)) end as answerer_key
from items
