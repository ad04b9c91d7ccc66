SELECT
  *
FROM (
  SELECT
    source,
    actor_id,
    is_bot_by_behaviour,
    settled_role,
    COALESCE(answered_count >= 10 AND prompt_share >= CAST(0.5 AS DOUBLE), FALSE) AS is_often_prompt
  FROM staging__accounts AS accounts
)
WHERE
  NOT settled_role IS NULL OR is_bot_by_behaviour OR is_often_prompt
