-- kept__held
SELECT
  channel_id,
  'issues' AS thing,
  number,
  opened_at
FROM staging__github__issues AS github__issues
UNION ALL
SELECT
  channel_id,
  'pulls',
  number,
  opened_at
FROM staging__github__pulls AS github__pulls
UNION ALL
SELECT
  channel_id,
  'discussions',
  number,
  opened_at
FROM staging__github__discussions AS github__discussions
UNION ALL
SELECT
  channel_id,
  'discussions',
  NULL,
  opened_at
FROM staging__huggingface__discussions AS huggingface__discussions
UNION ALL
SELECT
  channel_id,
  'releases',
  NULL,
  released_at
FROM staging__github__releases AS github__releases
WHERE
  NOT release_id IS NULL
UNION ALL
SELECT
  channel_id,
  'entries' AS thing,
  CAST(NULL AS BIGINT) AS number,
  published_at
FROM staging__changelog__entries AS changelog__entries
UNION ALL
SELECT
  channel_id,
  'topics' AS thing,
  number,
  opened_at
FROM staging__discourse__topics AS discourse__topics
WHERE
  state <> 'gone'
UNION ALL
SELECT
  channel_id,
  'questions',
  number,
  opened_at
FROM staging__stackexchange__questions AS stackexchange__questions
WHERE
  state <> 'gone'
-- kept__counted
WITH told AS (
  SELECT
    channel_id,
    thing,
    total,
    COALESCE(waiting, 0) AS waiting,
    COALESCE(older, 0) AS older,
    COALESCE(passed_over, 0) AS passed_over,
    reach_at,
    started_at
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (PARTITION BY channel_id, thing ORDER BY started_at DESC, load_id DESC, part DESC) AS from_newest
    FROM raw__ledger__runs AS ledger__runs
    WHERE
      NOT total IS NULL
  ) AS newest_first
  WHERE
    from_newest = 1
    AND thing IN (
      SELECT DISTINCT
        thing
      FROM kept__held AS held
    )
)
SELECT
  t.channel_id,
  t.thing,
  t.total,
  t.waiting,
  t.older,
  t.passed_over,
  t.started_at,
  COUNT(h.channel_id) AS held_count,
  COUNT(CASE WHEN h.opened_at < t.reach_at THEN 1 END) AS early_count,
  MIN(CASE WHEN h.opened_at >= t.reach_at THEN h.number END) AS lowest,
  MAX(h.number) AS highest
FROM told AS t
LEFT JOIN kept__held AS h
  ON h.channel_id = t.channel_id AND h.thing = t.thing
GROUP BY
  t.channel_id,
  t.thing,
  t.total,
  t.waiting,
  t.older,
  t.passed_over,
  t.started_at
WITH spans AS (
  SELECT
    channel_id,
    MAX(started_at) AS started_at,
    MAX(highest) AS highest,
    CASE WHEN MAX(waiting) > 0 THEN MAX(lowest) ELSE MIN(lowest) END AS lowest
  FROM kept__counted AS counted
  WHERE
    thing IN ('issues', 'pulls')
  GROUP BY
    channel_id
  HAVING
    COUNT(counted.lowest) > 0
), numbers AS (
  SELECT
    s.channel_id,
    s.started_at,
    s.highest - s.lowest + 1 AS total,
    COUNT(DISTINCT h.number) AS held_count,
    COUNT(DISTINCT CASE WHEN h.number IS NULL THEN g.number END) AS unreadable
  FROM spans AS s
  LEFT JOIN (
    SELECT
      channel_id,
      number
    FROM kept__held AS held
    WHERE
      thing IN ('issues', 'pulls', 'discussions')
    UNION
    SELECT
      channel_id,
      number
    FROM staging__github__gaps AS github__gaps
  ) AS n
    ON n.channel_id = s.channel_id AND n.number BETWEEN s.lowest AND s.highest
  LEFT JOIN kept__held AS h
    ON h.channel_id = n.channel_id
    AND h.number = n.number
    AND h.thing IN ('issues', 'pulls', 'discussions')
  LEFT JOIN staging__github__gaps AS g
    ON g.channel_id = n.channel_id AND g.number = n.number
  GROUP BY
    s.channel_id,
    s.started_at,
    s.highest,
    s.lowest
), explained AS (
  SELECT
    c.channel_id,
    c.thing,
    c.started_at,
    c.total,
    c.held_count,
    GREATEST(0, c.older - GREATEST(0, c.early_count - c.waiting)) AS before_window,
    LEAST(GREATEST(0, c.waiting - c.early_count), GREATEST(0, c.total - c.held_count)) AS waiting,
    GREATEST(
      COALESCE(u.unreadable, 0),
      LEAST(c.passed_over, GREATEST(0, c.total - c.held_count))
    ) AS unreadable
  FROM kept__counted AS c
  LEFT JOIN (
    SELECT
      g.channel_id,
      g.gap_kind || 's' AS thing,
      COUNT(*) AS unreadable
    FROM staging__github__gaps AS g
    LEFT JOIN kept__held AS h
      ON h.channel_id = g.channel_id
      AND h.number = g.number
      AND h.thing = g.gap_kind || 's'
    WHERE
      h.number IS NULL AND g.gap_kind IN ('issue', 'pull')
    GROUP BY
      g.channel_id,
      g.gap_kind
  ) AS u
    ON u.channel_id = c.channel_id AND u.thing = c.thing
  UNION ALL
  SELECT
    channel_id,
    'gaps',
    started_at,
    total,
    held_count,
    0,
    0,
    unreadable
  FROM numbers
)
SELECT
  channel_id,
  thing,
  total AS source_total,
  held_count,
  total - held_count AS difference_count,
  before_window AS before_window_count,
  waiting AS waiting_count,
  unreadable AS unreadable_count,
  GREATEST(0, before_window + waiting + unreadable - (
    total - held_count
  )) AS gone_count,
  GREATEST(0, total - held_count - before_window - waiting - unreadable) AS unexplained_count,
  started_at AS counted_at
FROM explained
