WITH wanted AS (
  SELECT
    *
  FROM VALUES
    ('response', 'median', CAST(0.5 AS DOUBLE)),
    ('response', 'p80', CAST(0.8 AS DOUBLE)),
    ('recovery', 'median', CAST(0.5 AS DOUBLE)),
    ('recovery', 'p90', CAST(0.9 AS DOUBLE)),
    ('help', 'median', CAST(0.5 AS DOUBLE)),
    ('help', 'p80', CAST(0.8 AS DOUBLE)),
    ('release', 'p25', CAST(0.25 AS DOUBLE)),
    ('release', 'median', CAST(0.5 AS DOUBLE)),
    ('release', 'p75', CAST(0.75 AS DOUBLE)),
    ('lifetime', 'p25', CAST(0.25 AS DOUBLE)),
    ('lifetime', 'median', CAST(0.5 AS DOUBLE)),
    ('lifetime', 'p75', CAST(0.75 AS DOUBLE)) AS w(subject, statistic, level)
), levels AS (
  SELECT
    t.stratum_id,
    t.is_hidden,
    w.statistic,
    w.level,
    v.side,
    CASE v.side
      WHEN 'seen'
      THEN w.level
      ELSE (
        w.level * (
          t.n + t.n_unseen
        ) - CASE WHEN v.side = 'high' THEN 0 ELSE t.n_unseen END
      ) / NULLIF(t.n, 0)
    END AS seen_level
  FROM VALUES
    ('low'),
    ('high'),
    ('seen') AS v(side)
  JOIN metrics__survival_totals AS t
    ON v.side <> 'seen' OR t.n_unseen > 0
  JOIN wanted AS w
    ON w.subject = t.subject
), tests AS (
  SELECT
    c.stratum_id,
    c.at_hours,
    c.next_event_hours,
    c.survival_share,
    w.statistic,
    w.level,
    w.is_hidden,
    w.side,
    w.seen_level > 0
    AND w.seen_level < 1
    AND COALESCE(c.survival_low, 0) <= 1 - w.seen_level AS may_be_down,
    w.seen_level <= 0
    OR w.seen_level >= 1
    OR COALESCE(c.survival_high, e.most_waiting_share) >= 1 - w.seen_level AS may_be_up
  FROM metrics__survival_curves AS c
  JOIN levels AS w
    ON w.stratum_id = c.stratum_id
  LEFT JOIN metrics__survival_ends AS e
    ON e.stratum_id = c.stratum_id
  WHERE
    c.n_events_here > 0
), quantiles AS (
  SELECT
    stratum_id,
    statistic,
    MIN(at_hours) FILTER(WHERE
      survival_share <= 1 - level + CAST(1e-12 AS DOUBLE) AND NOT is_hidden) AS value,
    MIN(at_hours) FILTER(WHERE
      may_be_down AND side = 'low' AND NOT is_hidden) AS low,
    CASE
      WHEN NOT BOOL_OR(may_be_up AND side = 'high' AND next_event_hours IS NULL)
      THEN COALESCE(
        MAX(next_event_hours) FILTER(WHERE
          may_be_up AND side = 'high' AND NOT is_hidden),
        MIN(at_hours) FILTER(WHERE
          side = 'high' AND NOT is_hidden)
      )
    END AS high,
    MIN(at_hours) FILTER(WHERE
      may_be_down AND side = 'seen' AND NOT is_hidden) AS seen_low,
    CASE
      WHEN NOT BOOL_OR(may_be_up AND side = 'seen' AND next_event_hours IS NULL)
      THEN COALESCE(
        MAX(next_event_hours) FILTER(WHERE
          may_be_up AND side = 'seen' AND NOT is_hidden),
        MIN(at_hours) FILTER(WHERE
          side = 'seen' AND NOT is_hidden)
      )
    END AS seen_high
  FROM tests
  GROUP BY
    stratum_id,
    statistic
), estimated AS (
  SELECT
    t.stratum_id,
    w.statistic,
    q.value,
    q.low,
    q.high,
    CASE WHEN t.n_unseen > 0 THEN q.seen_low ELSE q.low END AS seen_low,
    CASE WHEN t.n_unseen > 0 THEN q.seen_high ELSE q.high END AS seen_high
  FROM metrics__survival_totals AS t
  JOIN wanted AS w
    ON w.subject = t.subject
  LEFT JOIN quantiles AS q
    ON q.stratum_id = t.stratum_id AND q.statistic = w.statistic
  UNION ALL
  SELECT
    t.stratum_id,
    m.statistic,
    m.value,
    m.low,
    m.high,
    m.seen_low,
    m.seen_high
  FROM metrics__survival_means AS m
  JOIN metrics__survival_totals AS t
    ON m.subject = t.subject
    AND m.family_id = t.family_id
    AND m.channel_kind = t.channel_kind
    AND m.channel_role = t.channel_role
    AND m.segment = t.segment
    AND m.window = t.window
)
SELECT
  t.subject,
  t.family_id,
  t.channel_kind,
  t.channel_role,
  t.segment,
  t.`window`,
  e.statistic,
  e.value,
  e.low,
  e.high,
  t.n,
  t.n_effective,
  t.n_events,
  t.n_censored,
  e.seen_low,
  e.seen_high,
  e.value IS NULL
  AND NOT t.is_hidden
  AND t.n >= r.min_items_count
  AND t.n_events >= r.min_events_count
  AND t.n_effective >= r.min_effective_count AS is_unreached,
  CASE
    WHEN t.is_hidden
    THEN t.n_unseen || ' of ' || (
      t.n + t.n_unseen
    ) || CASE t.n_unseen WHEN 1 THEN ' was' ELSE ' were' END || ' not seen: too many for a value.'
  END AS bounds_note
FROM metrics__rules AS r
CROSS JOIN metrics__survival_totals AS t
JOIN estimated AS e
  ON e.stratum_id = t.stratum_id
