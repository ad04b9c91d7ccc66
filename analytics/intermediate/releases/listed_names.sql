-- question: Which entry of the list of prices does a model's name refer to?
-- grain: family_id, plain_name
-- caveats: Names without their author, comparing letters and digits only; of several entries with one name the first
--   listed. Variants (`:free`) are excluded. Makers and the list name some models so differently that no match is
--   found.
with names as (
    select
        m.family_id, m.listed_id, m.listed_at,
        regexp_replace(lower(split_part(case when w.word = 'listed' then m.listed_id else m.canonical_id end, '/', 2)),
            '[^a-z0-9]', '', 'g')
            as plain_name
    from staging.listed_models as m
    cross join (values ('listed'), ('canonical')) as w (word)
    where m.family_id is not null and strpos(m.listed_id, ':') = 0
),

ranked as (
    select
        *,
        row_number() over (partition by family_id, plain_name order by listed_at nulls last, listed_id nulls last)
            as from_first
    from names
    where plain_name <> ''
)

select family_id, plain_name, listed_id from ranked where from_first = 1
