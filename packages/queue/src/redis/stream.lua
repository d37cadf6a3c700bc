local function named(list)
  local about = {}
  for i = 1, #list, 2 do about[list[i]] = list[i + 1] end
  return about
end

-- The highest id that a stream has given out or goes on above.
local function last_id(stream)
  if redis.call('EXISTS', stream) == 0 then
    return '0-0'
  end
  return named(redis.call('XINFO', 'STREAM', stream))['last-generated-id']
end

-- What is known of a group of a stream; nothing when there is none.
local function find_group(stream, name)
  if redis.call('EXISTS', stream) == 1 then
    for _, list in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
      local group = named(list)
      if group.name == name then return group end
    end
  end
end
