-- question: What was read by hand about each family, in words?
-- grain: family_id, fact_kind
-- caveats: A fact read more than 180 days before the last visit to any source says that it is old, and one that others
--   read says so.
select
    f.family_id, f.fact_kind,
    string_agg(
        f.fact_words || ' (' || coalesce('until ' || cast(f.until_on as varchar) || '; ', '') || 'read on '
        || cast(f.as_of_on as varchar) || case
            when f.evidence = 'C' then ', by another reader' when f.evidence = 'B' then ', in a recorded answer' else ''
            end
        || case when f.is_stale then ', too long ago to be relied on)' else ')' end,
        '; ' order by f.fact_words
    ) || '.' as fact_note
from staging.facts as f
group by f.family_id, f.fact_kind
