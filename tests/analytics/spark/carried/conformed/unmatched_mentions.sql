WITH named_families AS (
  SELECT
    family_id
  FROM staging__attributions AS attributions
  UNION
  SELECT
    EXPLODE(mentioned_families)
  FROM staging__thread_rows AS thread_rows
), phrases AS (
  SELECT
    m.family_id,
    BOOL_OR(NOT f.family_id IS NULL) AS is_named,
    ARRAY_SORT(COLLECT_LIST(DISTINCT ARRAY_JOIN(m.words, ' ')) FILTER(WHERE
      h.phrase IS NULL)) AS seen_names
  FROM raw__catalog__mentions AS m
  LEFT JOIN (
    SELECT DISTINCT
      family_id,
      phrase
    FROM staging__mention_hits AS mention_hits
  ) AS h
    ON h.family_id = m.family_id AND h.phrase = ARRAY_JOIN(m.words, ' ')
  LEFT JOIN named_families AS f
    ON f.family_id = m.family_id
  WHERE
    m.kind IN ('sure', 'weak')
    AND (
      SELECT
        COUNT(*)
      FROM staging__attributions AS attributions
    ) >= 1000
  GROUP BY
    m.family_id
)
SELECT
  family_id,
  CASE WHEN is_named THEN 'mention unmatched' ELSE 'family never named' END AS warning_kind,
  SLICE(seen_names, 1, (
    20
  ) - (
    1
  ) + 1) AS seen_names,
  (
    SELECT
      COUNT(*)
    FROM staging__attributions AS attributions
  ) AS warning_count
FROM phrases
WHERE
  CARDINALITY(seen_names) > 0
