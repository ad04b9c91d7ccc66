-- kept__listed
SELECT
  channel_id,
  component_id,
  component_name,
  day_on = MAX(day_on) OVER (PARTITION BY channel_id) AS is_current
FROM staging__status__components AS status__components
-- kept__parts
SELECT
  channel_id,
  component_id AS part,
  component_name AS name,
  is_current
FROM kept__listed AS listed
UNION ALL
SELECT
  channel_id,
  component_name,
  component_name,
  is_current
FROM kept__listed AS listed
UNION ALL
SELECT
  channel_id,
  EXPLODE(component_names),
  EXPLODE(component_names),
  FALSE
FROM staging__status__incidents AS status__incidents
UNION ALL
SELECT
  channel_id,
  EXPLODE(component_ids),
  CAST(NULL AS STRING),
  FALSE
FROM staging__status__incidents AS status__incidents
-- kept__matches
WITH patterns AS (
  SELECT
    channel_id,
    pattern,
    REPLACE(LOWER(pattern), '*', '%') AS form
  FROM (
    SELECT
      channel_id,
      EXPLODE(components) AS pattern
    FROM raw__catalog__channels AS catalog__channels
    WHERE
      source = 'status' AND is_enabled
  ) AS enabled
  WHERE
    pattern NOT LIKE '!%'
)
SELECT
  p.channel_id,
  p.pattern,
  BOOL_OR(t.is_current) AS is_current
FROM patterns AS p
JOIN kept__parts AS t
  ON t.channel_id = p.channel_id AND LOWER(t.part) LIKE p.form
GROUP BY
  p.channel_id,
  p.pattern
WITH patterns AS (
  SELECT
    channel_id,
    pattern,
    REPLACE(LOWER(pattern), '*', '%') AS form
  FROM (
    SELECT
      channel_id,
      EXPLODE(components) AS pattern
    FROM raw__catalog__channels AS catalog__channels
    WHERE
      source = 'status' AND is_enabled
  ) AS enabled
  WHERE
    pattern NOT LIKE '!%'
), pages AS (
  SELECT
    t.channel_id,
    BOOL_OR(t.is_current) AS has_list,
    COALESCE(
      ARRAY_SORT(
        COLLECT_LIST(DISTINCT t.name) FILTER(WHERE
          t.is_current AND NOT t.name IS NULL)
      ),
      ARRAY_SORT(COLLECT_LIST(DISTINCT t.name) FILTER(WHERE
        NOT t.name IS NULL))
    ) AS names
  FROM kept__parts AS t
  GROUP BY
    t.channel_id
), matched AS (
  SELECT
    channel_id,
    BOOL_OR(is_current) AS is_current
  FROM kept__matches AS matches
  GROUP BY
    channel_id
), visits AS (
  SELECT
    channel_id,
    COUNT(DISTINCT run_id) AS visits_count
  FROM raw__ledger__runs AS ledger__runs
  WHERE
    source = 'status' AND thing = 'incidents' AND state IN ('complete', 'unchanged')
  GROUP BY
    channel_id
), named AS (
  SELECT
    channel_id,
    COUNT(*) AS incidents_count
  FROM staging__status__incidents AS status__incidents
  WHERE
    CARDINALITY(component_names) > 0
  GROUP BY
    channel_id
)
SELECT
  p.channel_id,
  p.pattern,
  NOT m.pattern IS NULL AS has_matched_before,
  SLICE(g.names, 1, (
    20
  ) - (
    1
  ) + 1) AS seen_names,
  v.visits_count
FROM patterns AS p
JOIN pages AS g
  ON g.channel_id = p.channel_id
JOIN visits AS v
  ON v.channel_id = p.channel_id AND v.visits_count >= 3
LEFT JOIN kept__matches AS m
  ON m.channel_id = p.channel_id AND m.pattern = p.pattern
LEFT JOIN matched AS a
  ON a.channel_id = p.channel_id
LEFT JOIN named AS n
  ON n.channel_id = p.channel_id
WHERE
  (
    g.has_list AND (
      m.pattern IS NULL OR NOT a.is_current
    )
  )
  OR (
    NOT g.has_list AND a.channel_id IS NULL AND n.incidents_count >= 3
  )
