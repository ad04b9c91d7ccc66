WITH reasons AS (
  SELECT
    family_id,
    channel_id,
    channel_kind,
    channel_role,
    question_type,
    statistic,
    `window`,
    exclusion_reason,
    MAX(as_of_at) AS as_of_at,
    SUM(items_count) AS n,
    SUM(yes_count) AS n_events,
    SUM(unseen_count) AS n_unseen
  FROM metrics__channel_clusters AS channel_clusters
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
    COALESCE(SUM(n) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS n,
    COALESCE(SUM(n_events) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS n_events,
    COALESCE(SUM(n_unseen) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS n_unseen,
    'Left out: ' || LISTAGG(CAST(CAST(n + n_unseen AS BIGINT) AS STRING) || ' ' || exclusion_reason, ', ') WITHIN GROUP (ORDER BY
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
), spreads AS (
  SELECT
    family_id,
    channel_id,
    channel_kind,
    question_type,
    statistic,
    `window`,
    SUM(items_count) AS items_count,
    COUNT(*) AS groups,
    SUM(items_count * items_count) / NULLIF(SUM(items_count), 0) AS group_size,
    SUM(yes_count) * (
      SUM(items_count) - SUM(yes_count)
    ) / NULLIF(SUM(items_count), 0) AS independent,
    SUM(yes_count * yes_count) - 2 * SUM(yes_count) / NULLIF(SUM(items_count), 0) * SUM(yes_count * items_count) + POWER(SUM(yes_count) / NULLIF(SUM(items_count), 0), 2) * SUM(items_count * items_count) AS clustered
  FROM metrics__channel_clusters AS channel_clusters
  WHERE
    exclusion_reason IS NULL AND items_count > 0
  GROUP BY
    family_id,
    channel_id,
    channel_kind,
    question_type,
    statistic,
    `window`
), mixed AS (
  SELECT
    s.*,
    r.*,
    items_count / NULLIF(group_size, 0) - 1 AS own_freedom,
    items_count / NULLIF(group_size, 0) - 1 + assumed_clusters AS freedom,
    1 + (
      group_size - 1
    ) * assumed_likeness AS assumed_design,
    CASE
      WHEN groups > 1 AND independent > 0
      THEN clustered * groups / NULLIF(groups - CAST(1.0 AS DOUBLE), 0) / NULLIF(independent, 0)
    END AS seen_design
  FROM metrics__rules AS r
  CROSS JOIN spreads AS s
), designs AS (
  SELECT
    *,
    CASE
      WHEN groups = items_count
      THEN CAST(1 AS DOUBLE)
      ELSE GREATEST(
        1,
        (
          own_freedom * COALESCE(seen_design, assumed_design) + assumed_clusters * assumed_design
        ) / NULLIF(freedom, 0)
      )
    END AS design_effect,
    CASE
      WHEN groups = items_count
      THEN CAST(1 AS DOUBLE)
      ELSE POWER(
        1 + (
          student_first + (
            student_second + (
              student_third + student_fourth / NULLIF(freedom, 0)
            ) / NULLIF(freedom, 0)
          ) / NULLIF(freedom, 0)
        ) / NULLIF(freedom, 0) / NULLIF(normal_quantile, 0),
        2
      )
    END AS quantile_effect
  FROM mixed
), widths AS (
  SELECT
    c.*,
    c.n + c.n_unseen AS n_all,
    c.n_events / NULLIF(c.n, 0) AS share,
    c.n_events / NULLIF(c.n + c.n_unseen, 0) AS least_share,
    (
      c.n_events + c.n_unseen
    ) / NULLIF(c.n + c.n_unseen, 0) AS most_share,
    c.n >= r.min_items_count
    AND c.n / NULLIF(d.design_effect, 0) >= r.min_effective_count
    AND c.n_unseen <= r.most_unseen_share * (
      c.n + c.n_unseen
    ) AS is_enough,
    c.n_unseen > r.most_unseen_share * (
      c.n + c.n_unseen
    ) AS is_hidden,
    r.min_items_count,
    c.n / NULLIF(d.design_effect, 0) AS n_effective,
    POWER(r.normal_quantile, 2) * d.design_effect * d.quantile_effect / NULLIF(c.n + c.n_unseen, 0) AS z
  FROM metrics__rules AS r
  CROSS JOIN counted AS c
  LEFT JOIN designs AS d
    ON c.family_id = d.family_id
    AND c.channel_id = d.channel_id
    AND c.channel_kind = d.channel_kind
    AND c.question_type = d.question_type
    AND c.statistic = d.statistic
    AND c.window = d.window
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
        THEN CAST(CAST(c.n_unseen AS BIGINT) AS STRING) || ' of ' || CAST(CAST(c.n_all AS BIGINT) AS STRING) || CASE c.n_unseen WHEN 1 THEN ' was' ELSE ' were' END || ' not seen.'
      END,
      CASE
        WHEN NOT c.is_enough AND NOT c.is_hidden
        THEN 'Only ' || CAST(CAST(c.n AS BIGINT) AS STRING) || ' threads' || CASE
          WHEN c.n >= c.min_items_count
          THEN ', worth ' || CAST(CAST(FLOOR(c.n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
          ELSE '.'
        END
      END,
      c.left_note
    ),
    ''
  ) AS note
FROM widths AS c
JOIN VALUES
  (TRUE, 'measured'),
  (FALSE, 'not enough data') AS v(is_enough, state)
  ON v.is_enough = COALESCE(c.is_enough, FALSE)
JOIN staging__families AS f
  ON f.family_id = c.family_id
