-- question: Which proposed changes depend on each other because they came in one channel and week?
-- grain: item_id
-- unit: none
-- standard: none
-- caveats: `cluster_id` is the channel and ISO week in which a change was opened.
-- by: family
-- version: 1
select
    change_id as item_id, family_id, channel_id || '/' || strftime(opened_at, '%G-W%V') as cluster_id,
    cast(null as varchar) as answerer_id
from staging.changes
