-- question: How many matched cases is each share made of: same kind of channel, same question, same language, same age?
-- grain: metric, segment, statistic, family_id, channel_kind, question_type, language, age_group
-- unit: items
-- standard: none
-- caveats: Two families may only be compared within such a group (rule R5). Unknown properties form a group of their
--   own, called unknown. The sums of squares over threads show how similar the items of one thread are.
-- version: 1
select
    metric, segment, statistic, family_id, side, channel_kind, question_type, language, age_group,
    cast(sum(threads_count) as bigint) as threads_count,
    cast(sum(threads_count * items_count) as bigint) as items_count,
    cast(sum(threads_count * yes_count) as bigint) as yes_count,
    cast(sum(threads_count * items_count * items_count) as double) as items_squared,
    cast(sum(threads_count * items_count * yes_count) as double) as items_by_yes,
    cast(sum(threads_count * yes_count * yes_count) as double) as yes_squared
from metrics.item_cells
group by metric, segment, statistic, family_id, side, channel_kind, question_type, language, age_group
