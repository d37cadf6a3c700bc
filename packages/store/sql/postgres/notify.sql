-- $1 channel, $2 payload; told at commit
SELECT pg_notify($1, $2)
