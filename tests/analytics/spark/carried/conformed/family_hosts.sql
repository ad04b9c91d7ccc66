SELECT
  family_id,
  host_id
FROM raw__catalog__hosts AS catalog__hosts
