-- $1 seconds. By the clock that goes on in a transaction, which may have waited for the tables
SELECT worker FROM pipeline WHERE beat_at > clock_timestamp() - $1::double precision * interval '1 second' ORDER BY worker
