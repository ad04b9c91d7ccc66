SELECT
  f.family_id,
  f.kind AS fact_kind,
  f.method AS tuning_method,
  f.value AS fact_words,
  f.from_on,
  f.until_on,
  f.days AS promised_days,
  COALESCE(f.applies_to, '') AS applies_to,
  COALESCE(f.models, ARRAY()) AS model_patterns,
  f.url,
  f.as_of_on,
  f.evidence,
  DATEDIFF(
    DAY,
    f.as_of_on,
    CAST((
      SELECT
        MAX(started_at)
      FROM raw__ledger__runs AS ledger__runs
    ) AS DATE)
  ) > 180 AS is_stale
FROM raw__catalog__facts AS f
