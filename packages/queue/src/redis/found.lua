-- Founds the stream KEYS[1]: sees to it that it exists with the group ARGV[1], that its next entry comes
-- above the place ARGV[3] (milliseconds) and ARGV[4] (below 2^20), and notes in KEYS[2] that this was done
-- for ARGV[2] partitions, without which append.lua takes no votes. With ARGV[5] = 'look' it changes nothing.
--
-- Answers this server's time in milliseconds, whether everything was so already, and the id that the stream
-- was behind with, empty when it was not.

-- Ids as numbers that follow their order although the second part may have grown beyond 2^20. A product of
-- both would be more than a number of Lua can hold.
local function place(id)
  local ms, counter = string.match(id, '(%d+)-(%d+)')
  return ms + math.floor(counter / 1048576), counter % 1048576
end

local function about_stream()
  if redis.call('EXISTS', KEYS[1]) == 0 then
    return '0-0', false
  end
  local last = '0-0'
  local about = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' then last = about[i + 1] end
  end
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    for i = 1, #group, 2 do
      if group[i] == 'name' and group[i + 1] == ARGV[1] then return last, true end
    end
  end
  return last, false
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local note = ARGV[2] .. ' ' .. life()
local last, grouped = about_stream()
local ms, counter = place(last)
local behind = ms < tonumber(ARGV[3]) or (ms == tonumber(ARGV[3]) and counter < tonumber(ARGV[4]))
local founded = grouped and not behind and redis.call('GET', KEYS[2]) == note
if not founded and ARGV[5] ~= 'look' then
  if not grouped then
    redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
  end
  if behind then
    redis.call('XSETID', KEYS[1], ARGV[3] .. '-' .. ARGV[4])
  end
  redis.call('SET', KEYS[2], note)
end
return { now, founded and 1 or 0, behind and last or '' }
