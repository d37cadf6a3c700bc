-- Appends record batches (record-batch.ts) in the format ARGV[4] to the stream KEYS[1]: for each three of ARGV from the
-- fifth on, a poll, how many votes they are, and their lines. They are added to those that wait, KEYS[3]. Those of a poll
-- whose gate is closed (gate.lua, in KEYS[4]) are refused, in this same step.
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
-- Answers this server's time in milliseconds, and for each batch why it is refused, empty when it is appended; for none
-- when they are late.

local unfounded = 'UNFOUNDED no worker has prepared the stream yet, or not since Redis lost it or failed over'
if redis.call('GET', KEYS[2]) ~= founding_note(ARGV[1]) then
  -- says so if another program keeps something else there
  redis.call('XLEN', KEYS[1])
  return redis.error_reply(unfounded)
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = { now }
if #ARGV > 4 and (now < tonumber(ARGV[2]) or now > tonumber(ARGV[3])) then
  return answer
end

local function append(poll, lines)
  local id = redis.call(
    'XADD', KEYS[1], 'NOMKSTREAM', '*',
    'format', ARGV[4], 'poll', poll, 'votes', lines
  )
  if not id then
    return false
  end
  -- While the clock stands behind the stream, entries are counted within its last millisecond. Before they
  -- reach the places of the next one the stream goes on there, so that it is not overtaken by itself when
  -- the clock has caught up (sequence.ts).
  local ms, counter = string.match(id, '(%d+)-(%d+)')
  if tonumber(counter) >= 2047 then
    redis.call('XSETID', KEYS[1], string.format('%.0f-0', ms + math.floor(counter / 2048) + 1))
  end
  return true
end

local appended = 0
for i = 5, #ARGV, 3 do
  local poll, votes, lines = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local why = refusal(KEYS[4], KEYS[1], poll, now)
  if not why then
    -- the stream was deleted, which the first entry finds out
    if not append(poll, lines) then
      return redis.error_reply(unfounded)
    end
    appended = appended + votes
  end
  answer[#answer + 1] = why or ''
end
if appended > 0 then
  redis.call('INCRBY', KEYS[3], appended)
end
return answer
