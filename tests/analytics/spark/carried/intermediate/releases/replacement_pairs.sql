WITH kinds AS (
  SELECT
    n.notice_id,
    EXPLODE(old.input_kinds) AS kind,
    new.input_kinds AS new_kinds
  FROM metrics__model_notices AS n
  JOIN metrics__listed_names AS a
    ON a.family_id = n.family_id AND a.plain_name = n.plain_name
  JOIN metrics__offered_models AS old
    ON old.listed_id = a.listed_id
  JOIN metrics__listed_names AS b
    ON b.family_id = n.family_id AND b.plain_name = n.plain_replacement
  JOIN metrics__offered_models AS new
    ON new.listed_id = b.listed_id
), kept AS (
  SELECT
    notice_id,
    BOOL_AND(ARRAY_CONTAINS(new_kinds, kind)) AS keeps_inputs
  FROM kinds
  GROUP BY
    notice_id
)
SELECT
  n.notice_id,
  old.listed_id,
  new.listed_id AS new_listed_id,
  old.context_tokens,
  new.context_tokens AS new_context_tokens,
  old.blended_usd,
  new.blended_usd AS new_blended_usd,
  k.keeps_inputs,
  ARRAY_CONTAINS(old.supported_names, 'tools') AS has_tools,
  ARRAY_CONTAINS(new.supported_names, 'tools') AS has_new_tools
FROM metrics__model_notices AS n
LEFT JOIN metrics__listed_names AS a
  ON a.family_id = n.family_id AND a.plain_name = n.plain_name
LEFT JOIN metrics__offered_models AS old
  ON old.listed_id = a.listed_id
LEFT JOIN metrics__listed_names AS b
  ON b.family_id = n.family_id AND b.plain_name = n.plain_replacement
LEFT JOIN metrics__offered_models AS new
  ON new.listed_id = b.listed_id
LEFT JOIN kept AS k
  ON k.notice_id = n.notice_id
