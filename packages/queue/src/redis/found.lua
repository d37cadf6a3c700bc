-- Founds the stream KEYS[1]: sees to it that it exists with the group ARGV[1], that its next entry comes
-- above the place ARGV[3] (milliseconds) and ARGV[4] (an entry of it, below 2048), that KEYS[3] says how many votes
-- wait in it, and notes in KEYS[2] that this was done for ARGV[2] partitions, without which append.lua takes
-- no votes. With ARGV[5] = 'look' it founds nothing.
--
-- Answers this server's time in milliseconds, whether everything was so already, and the id that the stream
-- was behind with, empty when it was not.

-- Ids as numbers that follow their order although the second part may have grown beyond what has a place in
-- its millisecond (sequence.ts). A product of both would be more than a number of Lua can hold.
local function place(id)
  local ms, counter = string.match(id, '(%d+)-(%d+)')
  return ms + math.floor(counter / 2048), counter % 2048
end

-- Goes through the entries behind an id, a page at a time.
local function votes_after(id)
  local votes = 0
  while true do
    local page = redis.call('XRANGE', KEYS[1], '(' .. id, '+', 'COUNT', 1000)
    for _, entry in ipairs(page) do
      votes, id = votes + votes_in(entry[2]), entry[1]
    end
    if #page < 1000 then return votes end
  end
end

local function votes_held()
  local votes, from = 0, '-'
  while true do
    local page = redis.call('XPENDING', KEYS[1], ARGV[1], from, '+', 1000)
    for _, held in ipairs(page) do
      local entry = redis.call('XRANGE', KEYS[1], held[1], held[1])[1]
      votes, from = votes + (entry and votes_in(entry[2]) or 1), '(' .. held[1]
    end
    if #page < 1000 then return votes end
  end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local note = founding_note(ARGV[2])
local last = last_id(KEYS[1])
local group = find_group(KEYS[1], ARGV[1])
local waiting = redis.call('GET', KEYS[3])
local ms, counter = place(last)
local behind = ms < tonumber(ARGV[3]) or (ms == tonumber(ARGV[3]) and counter < tonumber(ARGV[4]))
local founded = group and not behind and waiting and redis.call('GET', KEYS[2]) == note
if founded then
  -- what was written or deleted by hand is not counted, and is found out at the latest here
  if waiting ~= '0' and group.pending == 0 and group['last-delivered-id'] == last then
    redis.call('SET', KEYS[3], '0')
  end
elseif ARGV[5] ~= 'look' then
  if not group then
    redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
  end
  -- the group is new, or the stream of a version that did not count
  if not group or not waiting then
    redis.call('SET', KEYS[3], votes_held() + votes_after(group and group['last-delivered-id'] or '0-0'))
  end
  if behind then
    redis.call('XSETID', KEYS[1], ARGV[3] .. '-' .. ARGV[4])
  end
  redis.call('SET', KEYS[2], note)
end
return { now, founded and 1 or 0, behind and last or '' }
