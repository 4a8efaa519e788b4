-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta, stream, deadlines; then entries and order of each keyspace. Arguments: clock; then the name of each keyspace. Answers the
-- revision, the bytes of the stream, and for each keyspace how many entries it has, how many of them are due, and about how many bytes
-- they take; 0 where the server does not tell.

local function bytesOf(key)
  local answer = redis.pcall('MEMORY', 'USAGE', key)
  return type(answer) == 'number' and answer or 0
end

local meta = call('HMGET', KEYS[1], 'revision', 'instant')
if not meta[1] then
  return redis.error_reply('KVIST the store is not there')
end
local due = {}
local now = string.format('%.17g', millisOf(instant(ARGV[1], meta[2])))
for _, member in ipairs(call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  local name = unpackBytes('>I2c0', member)
  due[name] = (due[name] or 0) + 1
end
local reply = { tonumber(meta[1]), bytesOf(KEYS[2]) }
for i = 2, #ARGV do
  local hash = KEYS[2 * i]
  reply[#reply + 1] = call('HLEN', hash)
  reply[#reply + 1] = due[ARGV[i]] or 0
  reply[#reply + 1] = bytesOf(hash)
end
return reply
