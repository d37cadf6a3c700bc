-- Puts definitions of rooms and polls in place in the hash KEYS[1], and adds each to the stream of changes KEYS[2]: for each
-- three of ARGV, a name, a revision and the text. What is there with the same or a higher revision stays as it is. It runs
-- also when Redis has no memory left, so that a poll can be closed then.
--
-- Fields of the hash are names, with `revision text`; `change` is the number of the latest change, which the ids of the
-- stream repeat, so that a gap shows.

for i = 1, #ARGV, 3 do
  local name, revision, text = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local known = redis.call('HGET', KEYS[1], name)
  if not known or tonumber(string.match(known, '^%d+')) < tonumber(revision) then
    redis.call('HSET', KEYS[1], name, revision .. ' ' .. text)
    local change = redis.call('HINCRBY', KEYS[1], 'change', 1)
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', '1000', string.format('%d-0', change), 'definition', text)
  end
end
