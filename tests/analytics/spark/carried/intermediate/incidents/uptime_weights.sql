SELECT
  *
FROM VALUES
  ('weighted', 'any', TRUE),
  ('any_severity', 'any', FALSE),
  ('partial_or_worse', 'partial', FALSE),
  ('statuspage_formula', 'partial', TRUE),
  ('suspension', 'suspension', FALSE),
  ('any_or_suspension', 'any or suspension', FALSE) AS t(statistic, level, weighs_less)
