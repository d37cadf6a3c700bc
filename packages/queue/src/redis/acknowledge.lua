#!lua flags=allow-oom
-- Acknowledges entries of the stream KEYS[1] for the group ARGV[1], and takes their votes off those that wait,
-- KEYS[2], in the same step. From ARGV[2] on come, for each number of votes, the number, how many entries hold so
-- many, and their ids. Entries that the group does not hold, or not any more, are passed over. It runs also when
-- Redis has no memory left, because it is what makes room.
--
-- Answers how many votes were acknowledged.

local settled = 0
local i = 2
while i <= #ARGV do
  local votes, entries = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  settled = settled + votes * redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, i + 2, i + 1 + entries))
  i = i + 2 + entries
end
if settled > 0 then
  redis.call('DECRBY', KEYS[2], settled)
end
return settled
