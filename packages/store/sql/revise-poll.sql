UPDATE polls SET question = $2, labels = $3, revision = revision + 1 WHERE id = $1
