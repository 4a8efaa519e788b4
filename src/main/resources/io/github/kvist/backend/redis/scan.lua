-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta, stream, entries, order. Arguments: clock, revision already known or '', command, first bound, last bound,
-- entries at most, bytes after which no more are taken. Answers 1 instead of 0 if the range ends here, then keys and entries.

local CHUNK = 50

local meta = call('HMGET', KEYS[1], 'revision', 'instant')
if not meta[1] then
  return redis.error_reply('KVIST the store is not there')
end
local revision = tonumber(meta[1])
local limit = tonumber(ARGV[6])
local keys = call(ARGV[3], KEYS[4], ARGV[4], ARGV[5], 'LIMIT', 0, limit)
local reply = { revision, instant(ARGV[1], meta[2]), moved(KEYS[2], ARGV[2], revision), #keys < limit and 1 or 0 }
local bytes = 0
for first = 1, #keys, CHUNK do
  local last = math.min(first + CHUNK - 1, #keys)
  local entries = call('HMGET', KEYS[3], unpack(keys, first, last))
  for i, entry in ipairs(entries) do
    reply[#reply + 1] = keys[first + i - 1]
    reply[#reply + 1] = entry
    bytes = bytes + #entry
  end
  if bytes > tonumber(ARGV[7]) and last < #keys then
    reply[4] = 0
    return reply
  end
end
return reply
