-- question: Over which windows and which combinations of roles is each figure computed?
-- grain: window, pools_roles
-- unit: days
-- caveats: Windows are counted back from the clock of the channel (see visits), by the day on which an item began.
select
    w.name as "window",
    cast(w.days as double) as window_days,
    p.pools_roles
from (values ('30d', 30), ('90d', 90), ('365d', 365), ('all', 1000000)) as w (name, days)
cross join (values (true), (false)) as p (pools_roles)
