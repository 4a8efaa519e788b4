-- SPDX-License-Identifier: Apache-2.0
-- What became of a transaction; if it has not happened, it never will.
--
-- Keys: meta, stream, fences. Arguments: clock, stamp, the revision that was the newest before it was sent.
-- Answers 'done', 'void' or 'lost' if it may have happened in a commit that is no longer kept.

local meta = call('HMGET', KEYS[1], 'revision', 'instant')
if not meta[1] then
  return gone()
end
local revision = tonumber(meta[1])
local now = instant(ARGV[1], meta[2])
local fence = call('HGET', KEYS[3], ARGV[2])
if fence then
  return string.match(fence, '^%d+:') and 'done' or 'void'
end
local reached = tonumber(ARGV[3])
while reached < revision do
  local entries = call('XRANGE', KEYS[2], string.format('%.0f', reached + 1), '+', 'COUNT', 100)
  if #entries == 0 then
    return 'lost'
  end
  for _, entry in ipairs(entries) do
    reached = reached + 1
    if entry[1] ~= string.format('%.0f-0', reached) then
      return 'lost'
    end
    if string.sub(entry[2][2], 9, 16) == ARGV[2] then
      return 'done'
    end
  end
end
if reached > revision then
  return 'lost'
end
call('HSET', KEYS[3], ARGV[2], 'void:' .. now)
call('HSET', KEYS[1], 'fenced', '1')
return 'void'
