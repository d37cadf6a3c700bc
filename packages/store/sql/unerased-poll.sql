SELECT id FROM polls WHERE removed AND NOT erased ORDER BY id LIMIT 1
