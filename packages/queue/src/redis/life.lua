-- Which life of the data this server holds: another one since it, or the server it was copied from, was a
-- replica that became the master. Such a one may lack what its master acknowledged last. A restart on the
-- server's own file is no new life.
local function life()
  local about = redis.call('INFO', 'replication')
  local former = string.match(about, 'master_replid2:(%x+)') or ''
  local since = string.match(about, 'second_repl_offset:(%-?%d+)') or ''
  return former .. ':' .. since
end

-- What a worker notes when it has prepared a stream for so many partitions, with the gates of all polls.
local function founding_note(partitions)
  return partitions .. ' ' .. life() .. ' gates'
end
