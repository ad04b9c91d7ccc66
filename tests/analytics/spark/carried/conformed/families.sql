SELECT
  family_id,
  CASE WHEN ended_on IS NULL THEN title ELSE title || ' (ended)' END AS title,
  side,
  vendor,
  mentions,
  checked_on,
  ended_on,
  successor
FROM raw__catalog__families AS catalog__families
