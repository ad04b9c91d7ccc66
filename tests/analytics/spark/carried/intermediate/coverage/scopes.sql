SELECT
  w.name AS `window`,
  CAST(w.days AS DOUBLE) AS window_days,
  p.pools_roles
FROM VALUES
  (TRUE),
  (FALSE) AS p(pools_roles)
CROSS JOIN VALUES
  ('30d', 30),
  ('90d', 90),
  ('365d', 365),
  ('all', 1000000) AS w(name, days)
