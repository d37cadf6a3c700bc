#!lua flags=allow-oom
-- Takes fields out of the hash KEYS[1] that are still what they were: for each two of ARGV, a field and its text.

for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
