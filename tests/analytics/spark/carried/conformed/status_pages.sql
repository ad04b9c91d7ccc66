WITH shown AS (
  SELECT
    i.channel_id,
    MIN(
      CASE
        WHEN c.format IN ('statuspage', 'atom', 'flashduty')
        THEN COALESCE(i.resolved_at, i.posted_at)
        ELSE i.posted_at
      END
    ) AS oldest_at,
    MAX(CASE WHEN NOT i.severity IS NULL THEN 1 ELSE 0 END) = 1 AS has_severity
  FROM staging__status__incidents AS i
  JOIN raw__catalog__channels AS c
    ON c.channel_id = i.channel_id
  GROUP BY
    i.channel_id
), visits AS (
  SELECT
    channel_id,
    MIN(started_at) AS first_visit_at,
    MAX(started_at) AS last_visit_at
  FROM raw__ledger__runs AS ledger__runs
  WHERE
    source = 'status' AND thing = 'incidents' AND state IN ('complete', 'unchanged')
  GROUP BY
    channel_id
)
SELECT
  c.channel_id,
  c.family_id,
  CASE WHEN s.oldest_at < v.first_visit_at THEN s.oldest_at ELSE v.first_visit_at END AS observed_from_at,
  v.last_visit_at AS observed_until_at,
  c.format,
  COALESCE(s.has_severity, FALSE) AS has_severity
FROM raw__catalog__channels AS c
LEFT JOIN visits AS v
  ON v.channel_id = c.channel_id
LEFT JOIN shown AS s
  ON s.channel_id = c.channel_id
WHERE
  c.source = 'status'
