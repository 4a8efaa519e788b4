-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta. Arguments: clock. Something was shown to be gone because it is due: no clock that goes back may bring it back.

local last = call('HGET', KEYS[1], 'instant')
if not last then
  return redis.error_reply('KVIST the store is not there')
end
local now = instant(ARGV[1], last)
call('HSET', KEYS[1], 'instant', now)
return { now }
