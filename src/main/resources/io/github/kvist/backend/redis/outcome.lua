-- SPDX-License-Identifier: Apache-2.0
-- What became of a transaction; if it has not happened, it never will.
--
-- Keys: meta, stream, fences. Arguments: clock, stamp, the revision that was the newest before it was sent.
-- Answers 'done', 'void' or 'lost' if it may have happened in a commit that is no longer kept.

local meta = call('HMGET', KEYS[1], 'revision', 'instant')
if not meta[1] then
  return redis.error_reply('KVIST the store is not there')
end
local revision = tonumber(meta[1])
local now = instant(ARGV[1], meta[2])
local fence = call('HGET', KEYS[3], ARGV[2])
if fence then
  return string.match(fence, '^%d+:') and 'done' or 'void'
end
local found = commitsBehind(tonumber(ARGV[3]), revision, function(keys)
  return sub(keys, 9, 16) == ARGV[2] and 'done'
end)
if found then
  return found == 'done' and 'done' or 'lost'
end
call('HSET', KEYS[3], ARGV[2], 'void:' .. now)
call('HSET', KEYS[1], 'fenced', '1')
return 'void'
