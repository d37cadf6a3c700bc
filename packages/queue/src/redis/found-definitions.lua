-- With ARGV[1] = 'look': answers 1 when the hash KEYS[1] has all definitions (post-definitions.lua), as a worker has noted in
-- its field `founded`, in this life of the data. With 'found': notes it, under the name ARGV[2], from which those who follow
-- see that what they know may not be what is there.

if ARGV[1] == 'look' then
  local founded = redis.call('HGET', KEYS[1], 'founded')
  return founded and string.match(founded, '^%S+ (.*)$') == life() and 1 or 0
end
redis.call('HSET', KEYS[1], 'founded', ARGV[2] .. ' ' .. life())
