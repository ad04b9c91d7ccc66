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
  WHERE
    NOT h.family_id IS NULL AND h.author_role <> 'bot'
), reasons AS (
  SELECT
    family_id,
    channel_id,
    channel_kind,
    channel_role,
    question_type,
    statistic,
    `window`,
    exclusion_reason,
    MAX(observed_until_at) AS as_of_at,
    COUNT(*) AS items_count,
    COUNT(*) FILTER(WHERE
      is_yes) AS yes_count,
    COUNT(*) FILTER(WHERE
      is_unseen) AS unseen_count
  FROM items
  GROUP BY
    family_id,
    channel_id,
    channel_kind,
    channel_role,
    question_type,
    statistic,
    `window`,
    exclusion_reason
), counted AS (
  SELECT
    family_id,
    channel_id,
    channel_kind,
    channel_role,
    question_type,
    statistic,
    `window`,
    MAX(as_of_at) AS as_of_at,
    CAST(COALESCE(SUM(items_count) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS DOUBLE) AS n_all,
    CAST(COALESCE(SUM(unseen_count) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS DOUBLE) AS n_unseen,
    CAST(COALESCE(SUM(yes_count) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS DOUBLE) AS n_events,
    'Left out: ' || LISTAGG(CAST(items_count AS STRING) || ' ' || exclusion_reason, ', ') WITHIN GROUP (ORDER BY
      exclusion_reason NULLS LAST) || '.' AS left_note
  FROM reasons
  GROUP BY
    family_id,
    channel_id,
    channel_kind,
    channel_role,
    question_type,
    statistic,
    `window`
), seen AS (
  SELECT
    *,
    n_all - n_unseen AS n,
    n_events / NULLIF(n_all, 0) AS least_share,
    (
      n_events + n_unseen
    ) / NULLIF(n_all, 0) AS most_share
  FROM counted
), widths AS (
  SELECT
    c.*,
    c.n_events / NULLIF(c.n, 0) AS share,
    c.n >= r.min_items_count AND c.n_unseen <= r.most_unseen_share * c.n_all AS is_enough,
    c.n_unseen > r.most_unseen_share * c.n_all AS is_hidden,
    POWER(r.normal_quantile, 2) / NULLIF(c.n_all, 0) AS z
  FROM metrics__rules AS r
  CROSS JOIN seen AS c
)
SELECT
  c.family_id,
  f.side,
  c.channel_id,
  c.channel_kind,
  c.channel_role,
  c.question_type,
  c.statistic,
  c.`window`,
  CASE WHEN c.is_enough THEN ROUND(c.share, 10) END AS value,
  CASE
    WHEN c.is_enough
    THEN ROUND(
      CASE
        WHEN c.least_share = 0
        THEN CAST(0 AS DOUBLE)
        ELSE (
          c.least_share + c.z / 2 - SQRT(c.z * c.least_share * (
            1 - c.least_share
          ) + POWER(c.z, 2) / 4)
        ) / NULLIF(1 + c.z, 0)
      END,
      10
    )
  END AS low,
  CASE
    WHEN c.is_enough
    THEN ROUND(
      CASE
        WHEN c.most_share = 1
        THEN CAST(1 AS DOUBLE)
        ELSE (
          c.most_share + c.z / 2 + SQRT(c.z * c.most_share * (
            1 - c.most_share
          ) + POWER(c.z, 2) / 4)
        ) / NULLIF(1 + c.z, 0)
      END,
      10
    )
  END AS high,
  CAST(c.n AS BIGINT) AS n,
  CAST(c.n_events AS BIGINT) AS n_events,
  c.as_of_at,
  v.state,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN c.n_unseen > 0
        THEN 'Not seen of ' || CAST(CAST(c.n_unseen AS BIGINT) AS STRING) || ' of ' || CAST(CAST(c.n_all AS BIGINT) AS STRING) || '.'
      END,
      CASE
        WHEN NOT c.is_enough AND NOT c.is_hidden
        THEN 'Only ' || CAST(CAST(c.n AS BIGINT) AS STRING) || ' threads.'
      END,
      c.left_note
    ),
    ''
  ) AS note
FROM widths AS c
JOIN VALUES
  (TRUE, 'measured'),
  (FALSE, 'not enough data') AS v(is_enough, state)
  ON v.is_enough = c.is_enough
JOIN staging__families AS f
  ON f.family_id = c.family_id
