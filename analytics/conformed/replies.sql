-- question: Who replied to which request for help, and with what?
-- grain: reply_id
-- unit: none
-- standard: none
-- caveats: Replies that moderators hid as spam or abuse are left out. Links are counted by what they point to: the channel's own source and changes, or
--   documentation anywhere.
-- version: 2
select
    r.channel_id || '#' || r.reply_code as reply_id,
    r.channel_id || '#' || r.thread_code as thread_id,
    r.channel_id, r.actor_id, r.author_role, r.replied_at, r.is_accepted, r.has_code, r.code_lines, r.words_count,
    r.source_links + r.change_links > 0 as has_source_link,
    r.docs_links > 0 as has_docs_link,
    r.seen_at
from staging.reply_rows as r
join staging.thread_rows as t on t.channel_id = r.channel_id and t.thread_code = r.thread_code
where not r.is_removed
