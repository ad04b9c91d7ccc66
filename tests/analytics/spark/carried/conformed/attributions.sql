-- kept__shared_threads
SELECT
  t.channel_id,
  t.thread_code,
  t.mentioned_families
FROM staging__thread_rows AS t
JOIN raw__catalog__channels AS c
  ON c.channel_id = t.channel_id
WHERE
  c.family_id = '_shared'
WITH mentions AS (
  SELECT
    h.channel_id,
    h.thread_code,
    h.family_id
  FROM staging__mention_hits AS h
  LEFT JOIN staging__mention_hits AS o
    ON o.channel_id = h.channel_id
    AND o.thread_code = h.thread_code
    AND o.family_id = h.family_id
    AND o.phrase_kind IN ('companion', 'masked')
  WHERE
    h.phrase_kind IN ('sure', 'weak')
  GROUP BY
    h.channel_id,
    h.thread_code,
    h.family_id,
    h.phrase_kind,
    h.first_word,
    h.next_place,
    h.next_text
  HAVING
    NOT COALESCE(
      BOOL_OR(
        o.phrase_kind = 'masked'
        AND o.first_word < h.next_place
        AND h.first_word < o.next_place
      ),
      FALSE
    )
    AND (
      h.phrase_kind = 'sure'
      OR COALESCE(h.next_text, '') RLIKE '^[0-9]'
      OR COALESCE(
        BOOL_OR(
          o.phrase_kind = 'companion'
          AND o.first_word BETWEEN h.first_word - 5 AND h.next_place + 4
          AND (
            o.next_place <= h.first_word OR o.first_word >= h.next_place
          )
        ),
        FALSE
      )
    )
), by_title AS (
  SELECT
    channel_id,
    thread_code,
    COUNT(DISTINCT family_id) AS families_count,
    MIN(family_id) AS family_id
  FROM mentions
  GROUP BY
    channel_id,
    thread_code
), by_text AS (
  SELECT
    t.channel_id,
    t.thread_code,
    COUNT(DISTINCT f.family_id) AS families_count,
    MIN(f.family_id) AS family_id
  FROM (
    SELECT
      channel_id,
      thread_code,
      EXPLODE(mentioned_families) AS family_id
    FROM kept__shared_threads AS shared_threads
  ) AS t
  JOIN raw__catalog__families AS f
    ON f.family_id = t.family_id
  GROUP BY
    t.channel_id,
    t.thread_code
)
SELECT
  s.channel_id,
  s.thread_code,
  CASE
    WHEN a.families_count = 1
    THEN a.family_id
    WHEN a.families_count IS NULL AND b.families_count = 1
    THEN b.family_id
  END AS family_id,
  CASE
    WHEN a.families_count = 1
    THEN 'title'
    WHEN a.families_count > 1 OR b.families_count > 1
    THEN 'several'
    WHEN b.families_count = 1
    THEN 'text'
    ELSE 'none'
  END AS attribution_rule
FROM kept__shared_threads AS s
LEFT JOIN by_title AS a
  ON a.channel_id = s.channel_id AND a.thread_code = s.thread_code
LEFT JOIN by_text AS b
  ON b.channel_id = s.channel_id AND b.thread_code = s.thread_code
