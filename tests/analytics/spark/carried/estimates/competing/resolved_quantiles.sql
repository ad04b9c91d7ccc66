WITH ends AS (
  SELECT
    q.*,
    u.n_events > r.most_unseen_share * (
      q.n - q.n_censored
    ) AS is_hidden,
    q.value IS NULL
    AND q.n >= r.min_items_count
    AND q.n_events >= r.min_events_count
    AND q.n_effective >= r.min_effective_count AS is_unreached,
    CASE
      WHEN u.n_events > 0
      THEN 'How ' || CAST(CAST(u.n_events AS BIGINT) AS STRING) || ' of ' || CAST(CAST(q.n - q.n_censored AS BIGINT) AS STRING) || ' closings came about is unknown.'
    END AS unknown_note
  FROM metrics__rules AS r
  CROSS JOIN metrics__competing_summary AS q
  JOIN metrics__competing_summary AS u
    ON q.subject = u.subject
    AND q.family_id = u.family_id
    AND q.channel_kind = u.channel_kind
    AND q.channel_role = u.channel_role
    AND q.segment = u.segment
    AND q.window = u.window
    AND q.statistic = u.statistic
  WHERE
    q.subject = 'resolution' AND q.cause = 'resolved' AND u.cause = 'unknown'
)
SELECT
  family_id,
  channel_kind,
  channel_role,
  segment,
  statistic,
  `window`,
  CASE WHEN NOT is_hidden THEN value END AS value,
  low,
  high,
  n,
  n_effective,
  n_events,
  n_censored,
  CASE WHEN is_unreached AND NOT is_hidden THEN 'measured' END AS own_state,
  CASE WHEN is_hidden THEN unknown_note END AS own_shortfall,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE WHEN NOT is_hidden THEN unknown_note END,
      CASE
        WHEN is_unreached AND NOT is_hidden
        THEN 'Not reached in the window: too few are resolved.'
      END
    ),
    ''
  ) AS own_note
FROM ends
