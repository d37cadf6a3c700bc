-- The gates of polls lie in a hash beside each stream, by poll, as `opening from till seal revision`: which opening of the poll it
-- is, between which times it takes votes, by this server's clock in milliseconds, the last id of the stream when
-- it was closed, and at which revision of the poll that was said. Each is `-` where there is none.

local function gate_of(gates, poll)
  local text = redis.call('HGET', gates, poll)
  if text then
    local opening, from, till, seal, revision = string.match(text, '^(%d+) (%S+) (%S+) (%S+) (%d+)$')
    return { opening = tonumber(opening), from = from, till = till, seal = seal, revision = tonumber(revision) }
  end
end

local function keep_gate(gates, poll, gate)
  redis.call('HSET', gates, poll, string.format(
    '%d %s %s %s %d', gate.opening, gate.from, gate.till, gate.seal, gate.revision
  ))
end

-- Closes a gate whose time is over. From then on what the clock says changes nothing.
local function close_in_time(gates, stream, poll, gate, now)
  if gate.seal == '-' and gate.till ~= '-' and now >= tonumber(gate.till) then
    gate.seal = last_id(stream)
    keep_gate(gates, poll, gate)
  end
end

-- Why a poll takes no votes, as the code that its voters are told; nothing when it takes them.
local function refusal(gates, stream, poll, now)
  local gate = gate_of(gates, poll)
  if not gate then
    return 'poll_unknown'
  end
  close_in_time(gates, stream, poll, gate, now)
  if gate.seal ~= '-' then
    return 'poll_closed'
  end
  if gate.from ~= '-' and now < tonumber(gate.from) then
    return 'poll_not_open'
  end
end
