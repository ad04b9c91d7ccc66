-- question: Which families of models are compared?
-- grain: family_id
-- published: yes
-- caveats: As stated in the catalog on the day of its last check. A family that has ended, or whose end is set, keeps
--   its history; its title says so wherever it is shown, and the claims leave it out. A host's status page covers all
--   that it serves, seldom a single model: its figures are the host's, not the family's.
select
    family_id,
    case when ended_on is null then title else title || ' (ended)' end as title,
    side, vendor, mentions, checked_on, ended_on, successor,
    (select list(h.host_id order by h.host_id) from raw.catalog__hosts as h where h.family_id = f.family_id) as host_ids
from raw.catalog__families as f
