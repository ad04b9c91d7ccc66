SELECT
  family_id,
  host_id
FROM raw.catalog__hosts
