-- question: Which entry of the list of prices does a model's name refer to?
-- grain: family_id, plain_name
-- published: yes
-- stored: no
-- caveats: Names without their author, comparing letters and digits only; of several entries with one name the first
--   listed. Variants (`:free`) are excluded. Makers and the list name some models so differently that no match is
--   found.
select
    m.family_id,
    regexp_replace(lower(split_part(case when w.word = 'listed' then m.listed_id else m.canonical_id end, '/', 2)),
        '[^a-z0-9]', '', 'g') as plain_name,
    m.listed_id
from staging.listed_models as m
cross join (values ('listed'), ('canonical')) as w (word)
where m.family_id is not null and strpos(m.listed_id, ':') = 0 and plain_name <> ''
qualify row_number() over (partition by m.family_id, plain_name order by m.listed_at, m.listed_id) = 1
