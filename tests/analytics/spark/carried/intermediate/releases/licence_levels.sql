WITH scored AS (
  SELECT
    family_id,
    kept_kind,
    'licence_class' AS metric,
    class_points AS points
  FROM metrics__licensed_models AS licensed_models
  UNION ALL
  SELECT
    family_id,
    kept_kind,
    'weight_freedom_points',
    freedom_points
  FROM metrics__licensed_models AS licensed_models
), counted AS (
  SELECT
    family_id,
    metric,
    MIN(kept_kind) AS kept_kind,
    COUNT(points) AS n,
    COUNT(*) - COUNT(points) AS unknown_count,
    CAST(MIN(points) AS DOUBLE) AS lowest,
    CAST(MEDIAN(points) AS DOUBLE) AS median,
    CAST(MAX(points) AS DOUBLE) AS highest
  FROM scored
  GROUP BY
    family_id,
    metric
)
SELECT
  c.family_id,
  c.metric,
  t.statistic,
  CASE t.statistic
    WHEN 'lowest'
    THEN c.lowest
    WHEN 'median'
    THEN c.median
    ELSE c.highest
  END AS value,
  c.n,
  COALESCE(
    CASE WHEN c.kept_kind = 'facts' THEN o.fact_note END,
    CASE
      WHEN c.unknown_count > 0
      THEN 'Left out: ' || CAST(c.unknown_count AS STRING) || ' for which this is unknown.'
    END
  ) AS own_note
FROM VALUES
  ('lowest'),
  ('median'),
  ('highest') AS t(statistic)
CROSS JOIN counted AS c
LEFT JOIN metrics__fact_notes AS o
  ON o.family_id = c.family_id AND o.fact_kind = 'licence'
