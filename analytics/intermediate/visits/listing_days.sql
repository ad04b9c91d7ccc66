-- question: On which day was each list of models last read?
-- grain: channel_id
-- unit: none
-- standard: none
-- caveats: Changes once a day at most.
-- version: 1
select channel_id, cast(as_of_at as date) as day_on
from staging.collections
where thing = 'models'
