WITH ruled AS (
  SELECT
    t.claim_id,
    t.left_out,
    MAX(w.words) AS words,
    COUNT(*) FILTER(WHERE
      t.is_deciding) AS deciding_count,
    COUNT(*) FILTER(WHERE
      t.is_deciding
      AND (
        t.metric = 'bot_sensitivity_share'
        OR t.segment LIKE 'bots:%'
        OR t.segment = 'with_me_too'
      )) AS read_count
  FROM metrics__claim_tests AS t
  JOIN VALUES
    ('lenient bots', 'with lenient rules for bots'),
    ('strict bots', 'with strict rules for bots'),
    ('joining in', 'where a mere +1 is an answer') AS w(left_out, words)
    ON w.left_out = t.left_out
  GROUP BY
    t.claim_id,
    t.left_out
), reread AS (
  SELECT
    *,
    CASE
      WHEN read_count < deciding_count
      THEN ' (' || CAST(read_count AS STRING) || ' of ' || CAST(deciding_count AS STRING) || ' tests ' || CASE read_count WHEN 1 THEN 'was' ELSE 'were' END || ' read again)'
      ELSE ''
    END AS counted
  FROM ruled
  WHERE
    read_count > 0
), turns AS (
  SELECT
    o.claim_id,
    COUNT(*) FILTER(WHERE
      o.verdict <> j.verdict) AS turns_count,
    MAX(r.counted) FILTER(WHERE
      o.left_out = 'strict bots') AS bots_counted,
    MAX(r.counted) FILTER(WHERE
      o.left_out = 'joining in') AS joined_counted,
    LISTAGG(o.verdict || ' ' || COALESCE(r.words, 'without ' || o.left_out), ', ') WITHIN GROUP (ORDER BY
      o.left_out NULLS LAST) FILTER(WHERE
      o.verdict <> j.verdict) AS turned
  FROM metrics__decided_claims AS o
  JOIN metrics__decided_claims AS j
    ON j.claim_id = o.claim_id AND j.left_out = 'none'
  LEFT JOIN reread AS r
    ON r.claim_id = o.claim_id AND r.left_out = o.left_out
  WHERE
    o.left_out <> 'none'
    AND (
      NOT r.claim_id IS NULL
      OR NOT o.left_out IN ('lenient bots', 'strict bots', 'joining in')
    )
  GROUP BY
    o.claim_id
), leaders AS (
  SELECT
    claim_id,
    MIN(test_number) FILTER(WHERE
      is_deciding AND NOT effect IS NULL) AS test_number,
    LISTAGG(explanation, ' ') WITHIN GROUP (ORDER BY
      test_number NULLS LAST) AS explanation
  FROM metrics__claim_tests AS claim_tests
  WHERE
    left_out = 'none'
  GROUP BY
    claim_id
), visited AS (
  SELECT
    MAX(as_of_at) AS as_of_at
  FROM metrics__channel_coverage AS channel_coverage
)
SELECT
  j.claim_id,
  w.claim_version,
  w.registered_on,
  w.digest,
  w.title,
  w.claim,
  w.why_it_matters,
  w.would_refute,
  w.rule_words,
  j.verdict,
  w.wording,
  t.metric,
  t.statistic,
  t.scale,
  t.effect,
  t.effect_low,
  t.effect_high,
  t.general_effect,
  t.general_low,
  t.general_high,
  j.p_adjusted,
  t.detectable_effect,
  t.detectable_note,
  t.n,
  t.open_count,
  t.proprietary_count,
  j.tests_count,
  j.judged_count,
  j.supported_count,
  j.ruled_out_count,
  j.opposed_count,
  COALESCE(n.turns_count, 0) AS turns_count,
  CASE
    WHEN NOT n.turned IS NULL
    THEN 'The verdict changes: ' || n.turned || '.'
    WHEN j.verdict IN ('too few data', 'not observable')
    THEN 'There is no verdict yet that could change.'
    ELSE 'The verdict holds whichever family is left out' || COALESCE(
      CASE WHEN n.joined_counted IS NULL THEN ', and' ELSE ',' END || ' with lenient or strict rules for bots' || n.bots_counted,
      ''
    ) || COALESCE(', and where a mere +1 is an answer' || n.joined_counted, '') || '.'
  END AS sensitivity_note,
  l.explanation,
  v.as_of_at
FROM visited AS v
CROSS JOIN metrics__decided_claims AS j
JOIN metrics__claim_texts AS w
  ON w.claim_id = j.claim_id AND w.verdict = j.verdict
JOIN leaders AS l
  ON l.claim_id = j.claim_id
LEFT JOIN metrics__claim_tests AS t
  ON t.claim_id = j.claim_id AND t.left_out = 'none' AND t.test_number = l.test_number
LEFT JOIN turns AS n
  ON n.claim_id = j.claim_id
WHERE
  j.left_out = 'none'
