WITH visits AS (
  SELECT
    channel_id,
    MAX(COALESCE(as_of_at, last_run_at)) AS as_of_at
  FROM metrics__notice_visits AS notice_visits
  GROUP BY
    channel_id
), first_told AS (
  SELECT
    channel_id,
    model,
    COALESCE(region, '') AS region,
    MIN(announced_on) FILTER(WHERE
      announced_kind = 'exact') AS first_announced_on
  FROM staging__notices AS notices
  WHERE
    subject_kind = 'model'
  GROUP BY
    channel_id,
    model,
    COALESCE(region, '')
)
SELECT
  n.notice_id,
  n.url,
  n.family_id,
  c.channel_kind,
  c.role AS channel_role,
  n.channel_id,
  n.model,
  REGEXP_REPLACE(LOWER(n.model), '[^a-z0-9]', '') AS plain_name,
  REGEXP_REPLACE(LOWER(TRY_ELEMENT_AT(n.replacement, 1)), '[^a-z0-9]', '') AS plain_replacement,
  t.first_announced_on,
  n.shutdown_on,
  n.shutdown_kind,
  n.stage,
  DATEDIFF(DAY, t.first_announced_on, n.shutdown_on) AS notice_days,
  v.as_of_at AS observed_until_at,
  COALESCE(n.last_seen_at, v.as_of_at) AS last_seen_at,
  DATEDIFF(
    DAY,
    COALESCE(t.first_announced_on, CAST(n.first_seen_at AS DATE)),
    CAST(v.as_of_at AS DATE)
  ) AS age_days,
  CASE
    WHEN n.shutdown_on IS NULL OR n.shutdown_kind <> 'exact'
    THEN 'without an exact last day'
    WHEN t.first_announced_on IS NULL
    THEN 'without a dated announcement'
    WHEN n.shutdown_on < t.first_announced_on
    THEN 'that ended before they were announced'
  END AS exclusion_reason
FROM staging__notices AS n
JOIN staging__channels AS c
  ON c.channel_id = n.channel_id
JOIN first_told AS t
  ON t.channel_id = n.channel_id
  AND t.model = n.model
  AND t.region = COALESCE(n.region, '')
LEFT JOIN visits AS v
  ON v.channel_id = n.channel_id
WHERE
  n.subject_kind = 'model' AND n.is_latest AND NOT n.family_id IS NULL
