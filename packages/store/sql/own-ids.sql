-- $1 poll
SELECT own_ids FROM polls WHERE id = $1
