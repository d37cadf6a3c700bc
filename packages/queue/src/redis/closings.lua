-- Which of the polls ARGV[2] … are closed in the stream KEYS[1], by their gates in KEYS[2], and whether the group ARGV[1]
-- has acknowledged all that was taken before. One whose time is over is closed by this, also when Redis is full.
--
-- Answers for each poll which opening of it is closed, 0 for none, and 1 when all is acknowledged.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local group = find_group(KEYS[1], ARGV[1])

local function all_acknowledged(seal)
  return group
    and #redis.call('XPENDING', KEYS[1], ARGV[1], '-', seal, 1) == 0
    and #redis.call('XRANGE', KEYS[1], '(' .. group['last-delivered-id'], seal, 'COUNT', 1) == 0
end

local answer = {}
for i = 2, #ARGV do
  local gate = gate_of(KEYS[2], ARGV[i])
  if gate then
    close_in_time(KEYS[2], KEYS[1], ARGV[i], gate, now)
  end
  local closed = gate and gate.seal ~= '-'
  answer[#answer + 1] = closed and gate.opening or 0
  answer[#answer + 1] = closed and all_acknowledged(gate.seal) and 1 or 0
end
return answer
