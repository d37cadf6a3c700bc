-- Appends ARGV[2] votes, which the arguments from ARGV[3] on name by poll, voter and option, to the stream
-- KEYS[1]. For those that are traced, the number of the vote and its traceparent follow behind all votes.
-- Each vote costs Redis little by itself; a command, an answer and a promise for each would cost both sides
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
local votes = tonumber(ARGV[2])
local traces = {}
for i = 3 + 3 * votes, #ARGV, 2 do
  traces[tonumber(ARGV[i])] = ARGV[i + 1]
end
for vote = 1, votes do
  local poll, voter, option = ARGV[3 * vote], ARGV[3 * vote + 1], ARGV[3 * vote + 2]
  if traces[vote] then
    redis.call(
      'XADD', KEYS[1], '*', 'poll', poll, 'voter', voter, 'option', option, 'traceparent', traces[vote]
    )
  else
    redis.call('XADD', KEYS[1], '*', 'poll', poll, 'voter', voter, 'option', option)
  end
end
return { now, votes }
