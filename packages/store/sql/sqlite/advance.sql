-- $1 the highest sequence of a batch
UPDATE newest SET sequence = max(sequence, $1)
