-- question: Which releases and dated notes does each changelog list?
-- grain: channel_id, entry_id
-- standard: CHAOSS Release Frequency
-- caveats: Undated entries have no date here; an entry that a page dates by month has the first day of that month (see
--   `date_kind`). A withdrawn entry stays.
body->>'$.entry_id' as entry_id,
body->>'$.title' as title,
body->>'$.url' as url,
cast(body->>'$.published_at' as timestamp) as published_at,
coalesce(body->>'$.date_kind', case when body->>'$.published_at' is null then 'unknown' else 'exact' end)
    as date_kind,
cast(body->>'$.is_prerelease' as boolean) as is_prerelease
