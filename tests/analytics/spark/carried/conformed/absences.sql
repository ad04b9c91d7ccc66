SELECT
  family_id,
  channel_kind,
  state,
  why,
  evidence,
  seen_on
FROM raw.catalog__absences
