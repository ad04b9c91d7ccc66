WITH lists AS (
  SELECT
    channel_id,
    MAX(read_at) AS read_at
  FROM (
    SELECT
      channel_id,
      seen_at AS read_at
    FROM staging__github__releases AS github__releases
    WHERE
      NOT release_id IS NULL
    UNION ALL
    SELECT
      channel_id,
      started_at
    FROM raw__ledger__runs AS ledger__runs
    WHERE
      thing = 'releases' AND NOT total IS NULL AND state IN ('complete', 'unchanged')
  ) AS looks
  GROUP BY
    channel_id
), listed AS (
  SELECT
    g.channel_id,
    g.version AS release_code,
    g.version,
    g.title,
    g.url,
    g.released_at,
    'exact' AS date_kind,
    COALESCE(
      g.is_prerelease,
      LOWER(g.version) RLIKE '[0-9](-[a-z]|[.-]?(a|b|c|rc|alpha|beta|dev|pre|preview)[.]?[0-9]*$)'
    ) AS is_prerelease,
    g.is_breaking
  FROM staging__github__releases AS g
  LEFT JOIN lists AS r
    ON r.channel_id = g.channel_id
  WHERE
    NOT g.release_id IS NULL OR COALESCE(g.released_at > r.read_at, TRUE)
  UNION ALL
  SELECT
    channel_id,
    entry_id AS release_code,
    entry_id AS version,
    title,
    url,
    CASE WHEN date_kind = 'exact' THEN published_at END AS released_at,
    date_kind,
    is_prerelease,
    is_breaking
  FROM staging__changelog__entries AS changelog__entries
)
SELECT
  l.channel_id || '#' || l.release_code AS release_id,
  l.channel_id,
  CASE WHEN c.family_id = '_shared' THEN NULL ELSE c.family_id END AS family_id,
  c.source,
  c.role AS channel_role,
  l.version,
  l.title,
  l.url,
  l.released_at,
  l.date_kind,
  l.is_prerelease,
  l.is_breaking
FROM listed AS l
JOIN raw__catalog__channels AS c
  ON c.channel_id = l.channel_id
