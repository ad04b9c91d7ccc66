SELECT
  f.family_id,
  f.fact_kind,
  COUNT(*) AS facts_count,
  COUNT(*) FILTER(WHERE
    COALESCE(f.from_on <= t.day_on, TRUE) AND COALESCE(f.until_on >= t.day_on, TRUE)) AS open_count,
  LISTAGG(
    
      f.fact_words || ' (' || COALESCE('until ' || CAST(f.until_on AS STRING) || '; ', '') || 'read on ' || CAST(f.as_of_on AS STRING) || CASE
        WHEN f.evidence = 'C'
        THEN ', by another reader'
        WHEN f.evidence = 'B'
        THEN ', in a recorded answer'
        ELSE ''
      END || CASE WHEN f.is_stale THEN ', too long ago to be relied on)' ELSE ')' END,
      '; '
    
  ) WITHIN GROUP (ORDER BY
    f.fact_words NULLS LAST) || '.' AS fact_note
FROM metrics__visit_day AS t
CROSS JOIN staging__facts AS f
GROUP BY
  f.family_id,
  f.fact_kind
