-- Columns of the text of a reply, which staging files of replies share.
    cast(body->>'$.words' as bigint) as words_count,
    cast(body->>'$.code_lines' as bigint) as code_lines,
    cast(body->>'$.has_code' as boolean) as has_code,
    cast(body->>'$.has_patch' as boolean) as has_patch,
    cast(body->>'$.has_command' as boolean) as has_command,
    cast(body->>'$.has_thanks' as boolean) as has_thanks,
    cast(body->>'$.has_solved' as boolean) as has_solved,
    cast(body->>'$.is_me_too' as boolean) as is_me_too,
    body->>'$.language' as language,
    cast(body->>'$.reader_version' as bigint) as reader_version
