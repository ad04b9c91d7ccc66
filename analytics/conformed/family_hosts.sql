-- question: Which hosts serve the models of each open family?
-- grain: family_id, host_id
-- caveats: As stated in the catalog. A host's status page covers everything that it serves, seldom a single model: its
--   figures are the host's, not the family's.
select family_id, host_id from raw.catalog__hosts
