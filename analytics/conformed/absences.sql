-- question: Which kinds of channel does a family lack, and why?
-- grain: family_id, channel_kind
-- stored: no
-- caveats: Judged by the author of the catalog entry; an absence is never drawn as zero.
select family_id, channel_kind, state, why, evidence, seen_on from raw.catalog__absences
