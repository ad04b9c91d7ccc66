SELECT
  family_id,
  channel_kind,
  state,
  why,
  evidence,
  seen_on
FROM raw__catalog__absences AS catalog__absences
