SELECT
  r.channel_id,
  CASE WHEN c.family_id = '_shared' THEN NULL ELSE c.family_id END AS family_id,
  c.role AS channel_role,
  r.day_on,
  r.stars,
  r.forks,
  r.open_issues,
  r.is_archived
FROM staging__github__repositories AS r
JOIN raw__catalog__channels AS c
  ON c.channel_id = r.channel_id
