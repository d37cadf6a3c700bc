-- Appends the votes that ARGV[2] and all after it name by poll, voter and option, to the stream KEYS[1].
-- Each costs Redis little by itself; a command, an answer and a promise for each would cost both sides
-- several times as much.
--
-- ARGV[1] is the time by this server's clock, in milliseconds, until which the voters wait; empty, and
-- without votes, when the caller asks for the time alone. What comes later is not appended: it would take
-- its place in the order behind what its voter, who was told to try again, has chosen since.
--
-- Answers this server's time in milliseconds and how many votes were appended: all or none.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local deadline = tonumber(ARGV[1])
if deadline and now > deadline then
  return { now, 0 }
end
for vote = 2, #ARGV, 3 do
  redis.call('XADD', KEYS[1], '*', 'poll', ARGV[vote], 'voter', ARGV[vote + 1], 'option', ARGV[vote + 2])
end
return { now, (#ARGV - 1) / 3 }
