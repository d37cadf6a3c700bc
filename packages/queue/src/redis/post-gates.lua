-- Puts gates of the stream KEYS[1] in place in KEYS[2]: for each six of ARGV, a poll and its opening, from and till,
-- `closed` or `open`, and its revision. Of what is there already, a later opening stays as it is, and of the same one what a
-- later revision says and what is closed.
-- It runs also when Redis has no memory left, so that a poll can be closed then.
--
-- Answers for each the id that it was closed behind, empty when it takes votes, now or later.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local seals = {}
for i = 1, #ARGV, 6 do
  local poll, opening, revision = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 5])
  local gate = gate_of(KEYS[2], poll)
  if not gate or gate.opening < opening then
    gate = { opening = opening, seal = '-', revision = 0 }
  end
  if gate.opening == opening and gate.seal == '-' then
    if revision >= gate.revision then
      gate.from, gate.till, gate.revision = ARGV[i + 2], ARGV[i + 3], revision
    end
    if ARGV[i + 4] == 'closed' then
      gate.seal = last_id(KEYS[1])
    end
    keep_gate(KEYS[2], poll, gate)
  end
  close_in_time(KEYS[2], KEYS[1], poll, gate, now)
  seals[#seals + 1] = gate.seal == '-' and '' or gate.seal
end
return seals
