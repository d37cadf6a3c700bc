-- How many votes an entry holds: one for each line of a record batch (record-batch.ts), or one in all.
local function votes_in(fields)
  for i = 1, #fields, 2 do
    if fields[i] == 'votes' then
      local _, lines = string.gsub(fields[i + 1], '\n', '')
      return math.max(lines, 1)
    end
  end
  return 1
end
