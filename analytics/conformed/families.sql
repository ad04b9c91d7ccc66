-- question: Which families of models are compared?
-- grain: family_id
-- unit: none
-- standard: none
-- caveats: As stated in the catalog on the day of its last check.
-- version: 1
select family_id, title, side, vendor, mentions, checked_on from raw.catalog__families
