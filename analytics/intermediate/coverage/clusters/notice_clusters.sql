-- question: Which notices depend on each other because they were announced together?
-- grain: item_id
-- unit: none
-- standard: none
-- caveats: `cluster_id` is the page and day on which notices were announced.
-- by: family
-- version: 1
select
    notice_id as item_id, family_id,
    channel_id || '/' || coalesce(cast(first_announced_on as varchar), 'undated') as cluster_id,
    cast(null as varchar) as answerer_id
from metrics.model_notices
