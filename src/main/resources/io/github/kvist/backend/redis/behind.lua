-- SPDX-License-Identifier: Apache-2.0

-- Goes through the commits behind a revision until visit answers something; 'trimmed' if they are no longer kept.
local function commitsBehind(since, revision, visit)
  local reached = since
  while reached < revision do
    local entries = call('XRANGE', KEYS[2], string.format('%.0f', reached + 1), '+', 'COUNT', 100)
    if #entries == 0 then
      return 'trimmed'
    end
    for _, entry in ipairs(entries) do
      reached = reached + 1
      if entry[1] ~= string.format('%.0f-0', reached) then
        return 'trimmed'
      end
      local answer = visit(entry[2][2], reached)
      if answer then
        return answer
      end
    end
  end
  return reached > revision and 'trimmed' or nil
end
