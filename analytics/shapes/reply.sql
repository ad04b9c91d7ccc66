-- Columns of a reply, which staging files of replies share.
url, created_at as replied_at, actor as actor_id, role as author_role, words as words_count, has_code,
has_patch, has_command, has_thanks, has_solved, is_me_too, language, reader_version
