-- question: Which hosts serve the models of each open family?
-- grain: family_id, host_id
-- unit: none
-- standard: none
-- caveats: As the catalog says. A host's status page tells of all that it serves, seldom of one model: its figures
--   are the host's, not the family's.
-- version: 1
select family_id, host_id from raw.catalog__hosts
