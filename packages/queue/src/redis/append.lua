-- Appends ARGV[4] votes, which the arguments from ARGV[5] on name by poll, voter and option, to the stream
-- KEYS[1]. For those that are traced, the number of the vote and its traceparent follow behind all votes.
-- Each vote costs Redis little by itself; a command, an answer and a promise for each would cost both sides
-- several times as much.
--
-- KEYS[2] is where a worker has noted that the stream goes on above everything that is stored, for ARGV[1]
-- partitions (found.lua). Without that a vote could get a place below an older one of its voter, and would
-- be taken for it.
--
-- ARGV[2] and ARGV[3] are times by this server's clock, in milliseconds: what it was when the caller last
-- heard of it, and until when the voters wait. What comes later is not appended: it would take its place in
-- the order behind what its voter, who was told to try again, has chosen since. When the clock is behind the
-- former, it was set back, and cannot tell what is late. Without votes the caller asks for the time alone.
--
-- Answers this server's time in milliseconds and how many votes were appended: all or none.

local unfounded = 'UNFOUNDED no worker has prepared the stream yet, or not since Redis lost it or failed over'
if redis.call('GET', KEYS[2]) ~= ARGV[1] .. ' ' .. life() then
  -- says so if another program keeps something else there
  redis.call('XLEN', KEYS[1])
  return redis.error_reply(unfounded)
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local votes = tonumber(ARGV[4])
if votes > 0 and (now < tonumber(ARGV[2]) or now > tonumber(ARGV[3])) then
  return { now, 0 }
end
local traces = {}
for i = 5 + 3 * votes, #ARGV, 2 do
  traces[tonumber(ARGV[i])] = ARGV[i + 1]
end
for vote = 1, votes do
  local poll, voter, option = ARGV[3 * vote + 2], ARGV[3 * vote + 3], ARGV[3 * vote + 4]
  local id
  if traces[vote] then
    id = redis.call(
      'XADD', KEYS[1], 'NOMKSTREAM', '*',
      'poll', poll, 'voter', voter, 'option', option, 'traceparent', traces[vote]
    )
  else
    id = redis.call('XADD', KEYS[1], 'NOMKSTREAM', '*', 'poll', poll, 'voter', voter, 'option', option)
  end
  -- the stream was deleted, which the first vote finds out
  if not id then
    return redis.error_reply(unfounded)
  end
end
return { now, votes }
