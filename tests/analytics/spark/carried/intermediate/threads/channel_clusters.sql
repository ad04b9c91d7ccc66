WITH items AS (
  SELECT
    h.family_id,
    t.channel_id,
    h.channel_kind,
    h.channel_role,
    CASE WHEN g.segment = 'all' THEN 'all' ELSE SUBSTRING(g.segment, 6) END AS question_type,
    s.statistic,
    w.`window`,
    h.observed_until_at,
    c.cluster_key,
    COALESCE(
      (
        UNIX_MICROS(h.helped_at) - UNIX_MICROS(h.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) <= s.hours,
      FALSE
    ) AS is_yes,
    COALESCE(
      (
        UNIX_MICROS(h.help_known_until_at) - UNIX_MICROS(h.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) < s.hours,
      FALSE
    )
    AND COALESCE(
      (
        UNIX_MICROS(h.helped_at) - UNIX_MICROS(h.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) > s.hours,
      TRUE
    ) AS is_unseen,
    CASE
      WHEN NOT h.exclusion_reason IS NULL
      THEN h.exclusion_reason
      WHEN (
        UNIX_MICROS(h.observed_until_at) - UNIX_MICROS(h.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) < s.hours
      THEN 'observed for less than ' || s.span
    END AS exclusion_reason
  FROM metrics__scopes AS w
  CROSS JOIN VALUES
    ('within_24h', CAST(24.0 AS DOUBLE), '24 hours'),
    ('within_7d', CAST(168.0 AS DOUBLE), '7 days') AS s(statistic, hours, span)
  JOIN metrics__thread_help AS h
    ON w.pools_roles AND h.age_days <= w.window_days
  JOIN staging__threads AS t
    ON t.thread_id = h.thread_id
  JOIN metrics__thread_segments AS g
    ON g.thread_id = h.thread_id AND g.segment NOT LIKE 'language:%'
  JOIN metrics__thread_clusters AS c
    ON c.item_id = h.thread_id
  WHERE
    NOT h.family_id IS NULL AND h.author_role <> 'bot'
)
SELECT
  family_id,
  channel_id,
  channel_kind,
  channel_role,
  question_type,
  statistic,
  `window`,
  exclusion_reason,
  cluster_key,
  MAX(observed_until_at) AS as_of_at,
  CAST(COUNT(*) FILTER(WHERE
    NOT is_unseen) AS DOUBLE) AS items_count,
  CAST(COUNT(*) FILTER(WHERE
    is_yes) AS DOUBLE) AS yes_count,
  CAST(COUNT(*) FILTER(WHERE
    is_unseen) AS DOUBLE) AS unseen_count
FROM items
GROUP BY
  family_id,
  channel_id,
  channel_kind,
  channel_role,
  question_type,
  statistic,
  `window`,
  exclusion_reason,
  cluster_key
