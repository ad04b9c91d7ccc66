-- question: Which visit last brought each incident?
-- grain: channel_id, url
-- published: yes
-- caveats: For receipts. Apart from the incidents, because pages that state no change bring all of theirs at each visit.
select channel_id, url, max(seen_at) as seen_at
from staging.status__incidents
where url is not null
group by channel_id, url
