-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta, deadlines. Arguments: clock, members at most. Answers the instant, the earliest deadline that is not due yet and
-- was left ('' if there is none), then members of the deadlines that are due.

local meta = call('HMGET', KEYS[1], 'revision', 'instant')
if not meta[1] then
  return redis.error_reply('KVIST the store is not there')
end
local now = instant(ARGV[1], meta[2])
local score = string.format('%.17g', millisOf(now))
local next = call('ZRANGEBYSCORE', KEYS[2], '(' .. score, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
local due = call('ZRANGEBYSCORE', KEYS[2], '-inf', score, 'LIMIT', 0, ARGV[2])
return { now, next[2] or '', due }
