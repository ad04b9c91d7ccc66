-- question: Which families of models are compared?
-- grain: family_id
-- unit: none
-- standard: none
-- caveats: As the catalog says, on the day on which somebody last checked it.
-- version: 1
select family_id, title, side, vendor, mentions, checked_on from raw.catalog__families
