-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta. Arguments: a number of a client; no later client gets it or one below.

local clients = call('HGET', KEYS[1], 'clients')
if not clients then
  return redis.error_reply('KVIST the store is not there')
end
if tonumber(clients) < tonumber(ARGV[1]) then
  call('HSET', KEYS[1], 'clients', ARGV[1])
end
return 1
