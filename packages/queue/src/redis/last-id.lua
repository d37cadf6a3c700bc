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
