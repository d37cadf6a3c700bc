-- $1 poll; its tallies are made anew in the same transaction
DELETE FROM tallies WHERE poll = $1
