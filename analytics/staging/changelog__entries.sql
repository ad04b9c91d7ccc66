-- question: Which releases and dated notes does each changelog list?
-- grain: channel_id, entry_id
-- standard: CHAOSS Release Frequency
-- caveats: Undated entries have no date here; an entry that a page dates by month has the first day of that month (see
--   `date_kind`). A withdrawn entry stays.
entry_id, title, url, published_at,
coalesce(date_kind, case when published_at is null then 'unknown' else 'exact' end)
    as date_kind,
is_prerelease
