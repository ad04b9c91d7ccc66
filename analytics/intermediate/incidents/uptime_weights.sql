-- question: Which incidents does each reading of the uptime count, and does it count the less severe of them for less?
-- grain: statistic
-- unit: none
-- standard: none
-- caveats: The weights themselves stand in `rules`.
-- version: 1
select *
from (values
    ('weighted', 'any', true), ('any_severity', 'any', false), ('partial_or_worse', 'partial', false),
    ('suspension', 'suspension', false), ('any_or_suspension', 'any or suspension', false)
) as t (statistic, level, weighs_less)
