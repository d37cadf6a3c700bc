SELECT id FROM polls WHERE openings > final_opening ORDER BY id
