SELECT
  channel_id,
  family_id,
  source,
  target,
  role,
  channel_kind,
  pair,
  is_official,
  url,
  is_enabled,
  cadence_hours,
  components,
  things,
  terms,
  evidence,
  seen_on
FROM raw__catalog__channels AS catalog__channels
