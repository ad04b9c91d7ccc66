WITH newest AS (
  SELECT
    channel_id,
    MAX(downloaded_on) AS newest_on
  FROM staging__packages_daily AS packages_daily
  GROUP BY
    channel_id
)
SELECT
  p.family_id,
  p.channel_id,
  p.package_name,
  p.downloaded_on,
  p.downloads_count
FROM staging__packages_daily AS p
JOIN newest AS n
  ON n.channel_id = p.channel_id
  AND DATEDIFF(DAY, p.downloaded_on, n.newest_on) BETWEEN 0 AND 29
WHERE
  NOT p.family_id IS NULL
