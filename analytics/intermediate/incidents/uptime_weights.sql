-- question: Which incidents does each variant of the uptime count, and does it give less weight to the less severe
--   ones?
-- grain: statistic
-- caveats: The weights themselves are in `rules`.
select *
from (values
    ('weighted', 'any', true), ('any_severity', 'any', false), ('partial_or_worse', 'partial', false),
    ('statuspage_formula', 'partial', true), ('suspension', 'suspension', false),
    ('any_or_suspension', 'any or suspension', false)
) as t (statistic, level, weighs_less)
