-- question: What was read by hand about each family, in words?
-- grain: family_id, fact_kind
-- unit: facts
-- standard: none
-- caveats: A fact read more than 180 days before the last visit to any source says that it is old.
-- version: 1
select
    family_id, fact_kind, count(*) as facts_count,
    string_agg(
        fact_words || ' (read on ' || cast(as_of_on as varchar) || case
            when is_stale then ', too long ago to be relied on)' else ')' end,
        '; ' order by fact_words
    ) || '.' as fact_note
from staging.facts
group by family_id, fact_kind
