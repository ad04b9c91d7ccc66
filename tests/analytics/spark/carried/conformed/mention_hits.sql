WITH titles AS (
  SELECT
    t.channel_id,
    t.thread_code,
    REGEXP_EXTRACT_ALL(
      LOWER(REGEXP_REPLACE(t.title, '[^\\x00-\\x7f぀-ヿ㐀-鿿가-힣]', ' ')),
      '[a-z]+_?|[0-9]+|[぀-ヿ㐀-鿿가-힣]',
      0
    ) AS words
  FROM staging__thread_rows AS t
  JOIN raw__catalog__channels AS c
    ON c.channel_id = t.channel_id
  WHERE
    c.family_id = '_shared'
), spoken AS (
  SELECT
    channel_id,
    thread_code,
    words,
    EXPLODE(
      SLICE(
        SEQUENCE(1, GREATEST(1, (
          CARDINALITY(words) + 1
        ) - 1)),
        1,
        GREATEST(0, (
          CARDINALITY(words) + 1
        ) - (
          1
        ))
      )
    ) AS first_word
  FROM titles
)
SELECT
  s.channel_id,
  s.thread_code,
  m.family_id,
  m.kind AS phrase_kind,
  ARRAY_JOIN(m.words, ' ') AS phrase,
  s.first_word,
  s.first_word + CARDINALITY(m.words) AS next_place,
  TRY_ELEMENT_AT(s.words, s.first_word + CARDINALITY(m.words)) AS next_text
FROM spoken AS s
JOIN raw__catalog__mentions AS m
  ON TRY_ELEMENT_AT(m.words, 1) = TRY_ELEMENT_AT(s.words, s.first_word)
WHERE
  SLICE(
    s.words,
    s.first_word,
    (
      s.first_word + CARDINALITY(m.words) - 1
    ) - (
      s.first_word
    ) + 1
  ) = m.words
