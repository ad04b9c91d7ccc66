-- question: Which family does a request for help in a channel of many families concern?
-- grain: channel_id, thread_code
-- unit: none
-- standard: none
-- caveats: The single family whose names its title mentions as whole words; a thread that mentions none or several is not here. Names of software made
--   of a model's name (llama.cpp, llama-server, gemma.cpp) are no mention of the model.
-- version: 1
with shared_titles as (
    select
        i.channel_id, i.thread_code,
        lower(regexp_replace(
            i.title, '(?i)llama([._*-]+[a-z*]\w*| ?:| cpp\b| runner\b)|\w+\.(cpp|rs|py|exe|dll|so|h|c)\b', ' ', 'g'
        )) as title
    from staging.thread_rows as i
    join raw.catalog__channels as c on c.channel_id = i.channel_id
    where c.family_id = '_shared'
),

-- Twice: with digits and without, so that Qwen3 mentions Qwen too.
spoken as (
    select
        channel_id, thread_code,
        ' ' || regexp_replace(title, '[^a-z0-9]+', ' ', 'g') || ' | ' || regexp_replace(title, '[^a-z]+', ' ', 'g') || ' ' as words
    from shared_titles
),

listed as (
    select family_id, unnest(mentions) as mention from raw.catalog__families
),

names as (
    select family_id, ' ' || trim(regexp_replace(lower(mention), '[^a-z0-9]+', ' ', 'g')) || ' ' as words from listed
)

select s.channel_id, s.thread_code, min(n.family_id) as family_id
from spoken as s
join names as n on strpos(s.words, n.words) > 0
where length(n.words) > 2
group by s.channel_id, s.thread_code
having count(distinct n.family_id) = 1
