SELECT coalesce(max(seq), 0)::text AS sequence FROM votes
