WITH patterns AS (
  SELECT
    channel_id,
    REPLACE(TRIM(LEADING '!' FROM LOWER(pattern)), '*', '%') AS form,
    pattern LIKE '!%' AS is_beside
  FROM (
    SELECT
      channel_id,
      EXPLODE(components) AS pattern
    FROM raw__catalog__channels AS catalog__channels
    WHERE
      source = 'status'
  ) AS listed
), touching AS (
  SELECT
    d.channel_id,
    d.component_id
  FROM staging__status__days AS d
  JOIN patterns AS p
    ON p.channel_id = d.channel_id
  GROUP BY
    d.channel_id,
    d.component_id
  HAVING
    BOOL_OR(
      LOWER(d.component_name) LIKE p.form
      OR (
        NOT p.is_beside AND LOWER(d.component_id) LIKE p.form
      )
    ) <> BOOL_OR(p.is_beside)
)
SELECT
  d.channel_id,
  c.family_id,
  d.component_id,
  d.component_name,
  d.day_on,
  d.downtime_seconds,
  d.maintenance_seconds,
  d.time_zone,
  CARDINALITY(c.components) = 0 OR NOT t.component_id IS NULL AS is_api,
  d.seen_at
FROM staging__status__days AS d
JOIN raw__catalog__channels AS c
  ON c.channel_id = d.channel_id
LEFT JOIN touching AS t
  ON t.channel_id = d.channel_id AND t.component_id = d.component_id
WHERE
  d.day_on < CAST(d.seen_at AS DATE) - 1
  AND NOT d.downtime_seconds IS NULL
  AND d.status_word IS DISTINCT FROM 'not_monitored'
