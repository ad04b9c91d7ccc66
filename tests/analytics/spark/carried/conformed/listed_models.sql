-- kept__told
SELECT
  *,
  ROW_NUMBER() OVER (PARTITION BY channel_id, listed_id ORDER BY day_on DESC) AS from_last
FROM staging__prices__models AS prices__models
WHERE
  is_listed
-- kept__hits
SELECT
  t.channel_id,
  t.listed_id,
  p.family_id,
  MAX(
    LENGTH(p.pattern) * 2 + CASE WHEN (
      NOT t.hub_id IS NULL
    ) = (
      f.side = 'open'
    ) THEN 1 ELSE 0 END
  ) AS weight
FROM raw__catalog__listings AS p
JOIN kept__told AS t
  ON t.listed_id LIKE REPLACE(p.pattern, '*', '%')
JOIN raw__catalog__families AS f
  ON f.family_id = p.family_id
WHERE
  t.from_last = 1
GROUP BY
  t.channel_id,
  t.listed_id,
  p.family_id
WITH lives AS (
  SELECT
    channel_id,
    listed_id,
    MIN(day_on) FILTER(WHERE
      is_listed) AS first_listed_on,
    MAX(day_on) FILTER(WHERE
      is_listed) AS last_listed_on,
    MAX(day_on) FILTER(WHERE
      NOT is_listed) AS last_missed_on
  FROM staging__prices__models AS prices__models
  GROUP BY
    channel_id,
    listed_id
), best AS (
  SELECT
    channel_id,
    listed_id,
    MAX(weight) AS weight
  FROM kept__hits AS hits
  GROUP BY
    channel_id,
    listed_id
), owners AS (
  SELECT
    h.channel_id,
    h.listed_id,
    MIN(h.family_id) AS family_id
  FROM kept__hits AS h
  JOIN best AS b
    ON b.channel_id = h.channel_id AND b.listed_id = h.listed_id AND b.weight = h.weight
  GROUP BY
    h.channel_id,
    h.listed_id
  HAVING
    COUNT(*) = 1
)
SELECT
  t.listed_id,
  t.channel_id,
  o.family_id,
  t.canonical_id,
  t.hub_id,
  t.listed_at,
  l.first_listed_on,
  t.expires_on,
  CASE WHEN l.last_missed_on >= l.last_listed_on THEN l.last_missed_on END AS gone_on,
  t.context_tokens,
  t.completion_tokens,
  t.is_moderated,
  t.input_kinds,
  t.output_kinds,
  t.supported_names,
  t.drift_words,
  t.seen_at
FROM kept__told AS t
JOIN lives AS l
  ON l.channel_id = t.channel_id AND l.listed_id = t.listed_id
LEFT JOIN owners AS o
  ON o.channel_id = t.channel_id AND o.listed_id = t.listed_id
WHERE
  t.from_last = 1
