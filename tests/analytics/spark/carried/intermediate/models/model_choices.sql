WITH named AS (
  SELECT
    *,
    REGEXP_REPLACE(LOWER(SPLIT_PART(model_id, '/', 2)), '[^a-z0-9]', '') AS plain_name
  FROM metrics__newest_models AS newest_models
  WHERE
    NOT is_packed
), weights AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY family_id, plain_name
      ORDER BY downloads_30d DESC, model_id NULLS LAST
    ) AS from_first
  FROM named
), listed AS (
  SELECT
    o.family_id,
    o.listed_id,
    l.canonical_id,
    l.hub_id,
    o.url,
    o.blended_usd,
    o.priced_on,
    o.context_tokens,
    l.expires_on,
    REGEXP_REPLACE(LOWER(SPLIT_PART(COALESCE(l.hub_id, o.listed_id), '/', 2)), '[^a-z0-9]', '') AS plain_name
  FROM metrics__offered_models AS o
  JOIN staging__listed_models AS l
    ON l.channel_id = o.channel_id AND l.listed_id = o.listed_id
  WHERE
    o.is_listed
), offers AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY family_id, plain_name
      ORDER BY blended_usd NULLS LAST, listed_id NULLS LAST
    ) AS from_first
  FROM listed
)
SELECT
  f.family_id,
  f.side,
  COALESCE(w.model_id, o.hub_id, o.listed_id) AS model,
  w.channel_id AS hub_channel_id,
  w.model_id,
  o.listed_id,
  o.canonical_id,
  COALESCE(w.url, o.url) AS url,
  o.url AS price_url,
  CASE
    WHEN NOT w.model_id IS NULL OR NOT o.hub_id IS NULL
    THEN TRUE
    WHEN f.side = 'proprietary'
    THEN FALSE
  END AS has_weights,
  w.licence_code,
  l.class_points,
  l.allows_changes,
  w.gated,
  w.parameters,
  w.downloads_30d,
  w.live_providers_count,
  w.host_names,
  o.blended_usd,
  o.priced_on,
  o.context_tokens,
  o.expires_on,
  w.day_on
FROM (
  SELECT
    *
  FROM weights
  WHERE
    from_first = 1
) AS w
FULL OUTER JOIN (
  SELECT
    *
  FROM offers
  WHERE
    from_first = 1
) AS o
  ON o.family_id = w.family_id AND o.plain_name = w.plain_name
JOIN staging__families AS f
  ON f.family_id = COALESCE(w.family_id, o.family_id)
LEFT JOIN metrics__licence_classes AS l
  ON l.licence_code = w.licence_code
