-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta, stream, entries. Arguments: clock, revision already known or '', key.

local meta = call('HMGET', KEYS[1], 'revision', 'instant')
if not meta[1] then
  return redis.error_reply('KVIST the store is not there')
end
local revision = tonumber(meta[1])
return {
  revision,
  instant(ARGV[1], meta[2]),
  moved(KEYS[2], ARGV[2], revision),
  call('HGET', KEYS[3], ARGV[3])
}
