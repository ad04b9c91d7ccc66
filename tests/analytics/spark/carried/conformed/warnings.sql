-- kept__runs
SELECT
  channel_id,
  thing,
  run_id,
  MIN(started_at) AS started_at,
  SUM(rows) AS rows_count,
  MAX_BY(state, part) FILTER(WHERE
    NOT state IS NULL) AS state
FROM raw__ledger__runs AS ledger__runs
GROUP BY
  channel_id,
  thing,
  run_id
WITH newest_read AS (
  SELECT
    channel_id,
    thing,
    MAX_BY(run_id, (started_at, run_id)) FILTER(WHERE
      NOT run_id IS NULL) AS run_id
  FROM kept__runs AS runs
  WHERE
    state IN ('complete', 'partial')
  GROUP BY
    channel_id,
    thing
), notes AS (
  SELECT
    n.channel_id,
    n.thing,
    n.note_kind,
    n.subject AS about,
    MAX(n.seen) AS seen_names,
    MAX(n.count) AS items_count
  FROM raw__ledger__notes AS n
  JOIN newest_read AS r
    ON r.channel_id = n.channel_id AND r.thing = n.thing AND r.run_id = n.run_id
  GROUP BY
    n.channel_id,
    n.thing,
    n.note_kind,
    n.subject
), empty_lists AS (
  SELECT
    channel_id,
    thing,
    COUNT(*) FILTER(WHERE
      state IN ('complete', 'unchanged')) AS items_count
  FROM kept__runs AS runs
  WHERE
    thing IN (
      'incidents',
      'notices',
      'entries',
      'questions',
      'topics',
      'posts',
      'issues',
      'downloads',
      'models'
    )
  GROUP BY
    channel_id,
    thing
  HAVING
    SUM(rows_count) = 0 AND COUNT(*) FILTER(WHERE
      state = 'complete') > 0
), found AS (
  SELECT
    channel_id,
    thing,
    'row set aside' AS warning_kind,
    field_name AS about,
    CAST(ARRAY() AS ARRAY<STRING>) AS seen_names,
    CAST(SUM(landed_count) AS BIGINT) AS items_count,
    MAX(
      STRUCT(
        seen_at AS seen_at,
        key AS key,
        landed_path AS path,
        excerpt AS excerpt,
        wanted AS wanted
      )
    ) AS example
  FROM staging__set_aside AS set_aside
  GROUP BY
    channel_id,
    thing,
    field_name
  UNION ALL
  SELECT
    channel_id,
    'components',
    CASE WHEN has_matched_before THEN 'pattern lost' ELSE 'pattern unmatched' END,
    LISTAGG(pattern, ', ') WITHIN GROUP (ORDER BY
      pattern NULLS LAST),
    MAX(seen_names),
    MAX(visits_count),
    NULL
  FROM staging__unmatched_patterns AS unmatched_patterns
  GROUP BY
    channel_id,
    has_matched_before
  UNION ALL
  SELECT
    channel_id,
    thing,
    'items passed over',
    CASE WHEN last_fault = 'items skipped' THEN last_error ELSE '' END,
    CAST(ARRAY() AS ARRAY<STRING>),
    passed_over_count,
    NULL
  FROM staging__collections AS collections
  WHERE
    passed_over_count > 0
  UNION ALL
  SELECT
    c.source,
    'channels',
    'never visited',
    c.source,
    ARRAY_SORT(COLLECT_LIST(c.channel_id)),
    COUNT(*),
    NULL
  FROM staging__channels AS c
  LEFT JOIN (
    SELECT DISTINCT
      channel_id
    FROM staging__collections AS collections
  ) AS v
    ON v.channel_id = c.channel_id
  WHERE
    c.is_enabled AND v.channel_id IS NULL
  GROUP BY
    c.source
  UNION ALL
  SELECT
    channel_id,
    thing,
    warning_kind,
    about,
    seen_names,
    warning_count,
    NULL
  FROM staging__misnamed_places AS misnamed_places
  UNION ALL
  SELECT
    channel_id,
    thing,
    'volume fallen',
    DATE_FORMAT(visited_at, 'yyyy-MM-dd HH:mm'),
    ARRAY(CAST(brought_count AS STRING)),
    usual_count,
    NULL
  FROM staging__fallen_volumes AS fallen_volumes
  UNION ALL
  SELECT
    channel_id,
    thing,
    'posting stopped',
    DATE_FORMAT(newest_dated_at, 'yyyy-MM-dd'),
    ARRAY(CAST(CAST(ROUND(usual_gap_days) AS BIGINT) AS STRING)),
    dated_count,
    NULL
  FROM staging__stopped_lists AS stopped_lists
  UNION ALL
  SELECT
    channel_id,
    thing,
    CASE
      WHEN filled_share < usual_share
      THEN 'field emptied'
      ELSE 'field filled anew'
    END,
    filled_field,
    ARRAY(
      PRINTF('%.3g %%', usual_share * 100),
      PRINTF('%.3g %%', filled_share * 100),
      DATE_FORMAT(differs_from_at, 'yyyy-MM-dd HH:mm')
    ),
    brought_count,
    NULL
  FROM staging__filled_changes AS filled_changes
  UNION ALL
  SELECT
    channel_id,
    thing,
    'nothing read',
    thing,
    CAST(ARRAY() AS ARRAY<STRING>),
    items_count,
    NULL
  FROM empty_lists
  UNION ALL
  SELECT
    channel_id,
    thing,
    note_kind,
    about,
    seen_names,
    items_count,
    NULL
  FROM notes
  UNION ALL
  SELECT
    '_shared',
    'mentions',
    warning_kind,
    family_id,
    seen_names,
    warning_count,
    NULL
  FROM staging__unmatched_mentions AS unmatched_mentions
)
SELECT
  channel_id,
  thing,
  warning_kind,
  about,
  seen_names,
  items_count AS warning_count,
  example.key AS key,
  example.path AS landed_path,
  example.excerpt AS excerpt,
  example.wanted AS wanted
FROM found
