-- kept__listed
SELECT
  n.family_id,
  n.plain_name,
  n.listed_id,
  CAST(m.listed_at AS DATE) AS listed_on,
  COALESCE(m.gone_on, k.day_on) AS seen_until_on
FROM metrics__listed_names AS n
JOIN (
  SELECT DISTINCT
    family_id
  FROM staging__channels AS channels
  WHERE
    channel_kind = 'deprecations'
) AS p
  ON p.family_id = n.family_id
JOIN staging__listed_models AS m
  ON m.listed_id = n.listed_id
JOIN metrics__listing_days AS k
  ON k.channel_id = m.channel_id
-- kept__noticed
SELECT
  n.notice_id AS item_id,
  n.url,
  n.family_id,
  n.channel_kind,
  n.channel_role,
  n.model,
  l.listed_on,
  l.listed_id,
  CAST(n.last_seen_at AS DATE) AS observed_until_on,
  CASE
    WHEN n.shutdown_kind = 'exact' AND n.shutdown_on <= CAST(n.observed_until_at AS DATE)
    THEN n.shutdown_on
  END AS ended_on,
  n.shutdown_kind <> 'exact'
  AND (
    COALESCE(n.stage = 'retired', FALSE)
    OR (
      n.shutdown_kind = 'month' AND n.shutdown_on <= CAST(n.observed_until_at AS DATE)
    )
  ) AS is_end_unknown
FROM metrics__model_notices AS n
LEFT JOIN kept__listed AS l
  ON l.family_id = n.family_id AND l.plain_name = n.plain_name
WITH all_models AS (
  SELECT
    *
  FROM kept__noticed AS noticed
  UNION ALL
  SELECT
    l.family_id || '#' || l.listed_id,
    'https://openrouter.ai/' || l.listed_id,
    l.family_id,
    'deprecations',
    'deprecations',
    l.listed_id,
    MIN(l.listed_on),
    l.listed_id,
    MAX(l.seen_until_on),
    NULL,
    FALSE
  FROM kept__listed AS l
  LEFT JOIN kept__noticed AS n
    ON n.listed_id = l.listed_id
  WHERE
    n.listed_id IS NULL
  GROUP BY
    l.family_id,
    l.listed_id
), named AS (
  SELECT
    *,
    TRY_CAST(REGEXP_EXTRACT(model, '(20[0-9][0-9])-?([01][0-9])-?([0-3][0-9])') || '-' || REGEXP_EXTRACT(model, '(20[0-9][0-9])-?([01][0-9])-?([0-3][0-9])', 2) || '-' || REGEXP_EXTRACT(model, '(20[0-9][0-9])-?([01][0-9])-?([0-3][0-9])', 3) AS DATE) AS named_on
  FROM all_models
)
SELECT
  item_id,
  url,
  family_id,
  channel_kind,
  channel_role,
  model,
  LEAST(named_on, listed_on) AS launched_on,
  ended_on,
  observed_until_on,
  DATEDIFF(DAY, LEAST(named_on, listed_on), observed_until_on) AS age_days,
  CASE
    WHEN is_end_unknown
    THEN 'without an exact last day'
    WHEN ended_on < LEAST(named_on, listed_on)
    THEN 'that ended before they began'
  END AS exclusion_reason
FROM named
WHERE
  NOT LEAST(named_on, listed_on) IS NULL
