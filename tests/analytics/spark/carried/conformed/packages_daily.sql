SELECT
  d.channel_id,
  CASE WHEN c.family_id = '_shared' THEN NULL ELSE c.family_id END AS family_id,
  c.is_official,
  d.package_name,
  d.downloaded_on,
  d.downloads_count,
  d.seen_at
FROM staging__packages__downloads AS d
JOIN raw__catalog__channels AS c
  ON c.channel_id = d.channel_id
