-- What has changed in the definitions KEYS[1] (post-definitions.lua) since the change ARGV[2] of the founding ARGV[1], by the
-- stream KEYS[2]; all of them when that is another founding, or too long ago.
--
-- Answers this server's time in milliseconds, the founding, the latest change, and the texts.

local founded = redis.call('HGET', KEYS[1], 'founded')
local name, founded_life = string.match(founded or '', '^(%S+) (.*)$')
if founded_life ~= life() then
  return redis.error_reply('UNFOUNDED no worker has made the polls known yet, or not since Redis lost them or failed over')
end
local change = tonumber(redis.call('HGET', KEYS[1], 'change') or '0')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = { now, name, change }
if name == ARGV[1] and change == tonumber(ARGV[2]) then
  return answer
end
local changes = redis.call('XRANGE', KEYS[2], string.format('(%s-0', ARGV[2]), '+')
if name == ARGV[1] and #changes == change - tonumber(ARGV[2]) then
  for _, entry in ipairs(changes) do
    answer[#answer + 1] = entry[2][2]
  end
  return answer
end
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.find(fields[i], ' ', 1, true) then
    answer[#answer + 1] = string.match(fields[i + 1], '^%d+ (.*)$')
  end
end
return answer
