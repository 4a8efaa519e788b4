-- SPDX-License-Identifier: Apache-2.0

-- What the commits behind a revision changed: a list for each, as far as they fit in; false if they are no longer kept.
local function moved(stream, since, revision)
  if since == '' or tonumber(since) == revision then
    return {}
  end
  local position = tonumber(since)
  if position > revision then
    return false
  end
  local lists = {}
  for i, entry in ipairs(call('XRANGE', stream, string.format('%.0f', position + 1), '+', 'COUNT', 100)) do
    if entry[1] ~= string.format('%.0f-0', position + i) then
      return false
    end
    lists[i] = entry[2][2]
  end
  return lists
end
