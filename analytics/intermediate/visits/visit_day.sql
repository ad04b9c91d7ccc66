-- question: On which day was anything last visited?
-- grain: day_on
-- caveats: What holds today is what holds on this day: figures are made from data, not from the clock of a machine.
--   Changes once a day at most.
select cast(max(coalesce(as_of_at, last_run_at)) as date) as day_on from staging.collections
