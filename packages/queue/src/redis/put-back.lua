-- Appends an entry with the fields ARGV to the stream KEYS[1], and counts its votes among those that wait,
-- KEYS[2]. Answers nothing when there is no such stream.

local id = redis.call('XADD', KEYS[1], 'NOMKSTREAM', '*', unpack(ARGV))
if id then
  redis.call('INCRBY', KEYS[2], votes_in(ARGV))
end
return id
