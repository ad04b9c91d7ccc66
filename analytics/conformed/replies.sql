-- question: Who replied to which request for help, and with what?
-- grain: reply_id
-- unit: none
-- standard: none
-- caveats: Comments that moderators hid as spam or abuse are left out. Links are counted by what they point to: the channel's own source and changes, or
--   documentation anywhere.
-- version: 1
select
    c.channel_id || '#' || c.comment_id as reply_id,
    c.channel_id || '#' || c.number as thread_id,
    c.channel_id, c.actor_id, c.author_role, c.replied_at, c.has_code, c.code_lines, c.words_count,
    c.source_links + c.change_links > 0 as has_source_link,
    c.docs_links > 0 as has_docs_link,
    c.seen_at
from staging.github__comments as c
join staging.github__issues as i on i.channel_id = c.channel_id and i.number = c.number
where not c.is_hidden or coalesce(c.hidden_reason, '') not in ('spam', 'abuse')
