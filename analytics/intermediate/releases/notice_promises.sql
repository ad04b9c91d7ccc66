-- question: How many days of notice were promised for each model when its end was announced?
-- grain: notice_id, statistic
-- unit: days
-- standard: none
-- caveats: `that_day`: the promise known to apply on the day of announcement, from its first day or, if its start is
--   not stated, from the day on which it was read. `last_read`: the promise read last, whenever it began. If there are
--   several at once, the shortest. Shorter promises for previews are not told apart.
-- version: 1
with promises as (
    select family_id, promised_days, as_of_on, coalesce(from_on, as_of_on) as known_from_on,
    coalesce(until_on, date '9999-12-31') as known_until_on
    from staging.facts
    where fact_kind = 'notice' and promised_days is not null
),

last_read as (
    select family_id, max_by(promised_days, as_of_on) as promised_days from promises group by family_id
)

select n.notice_id, 'that_day' as statistic, min(p.promised_days) as promised_days
from metrics.model_notices as n
left join promises as p on p.family_id = n.family_id and n.first_announced_on between p.known_from_on
    and p.known_until_on
group by n.notice_id
union all
select n.notice_id, 'last_read', l.promised_days
from metrics.model_notices as n
left join last_read as l on l.family_id = n.family_id
