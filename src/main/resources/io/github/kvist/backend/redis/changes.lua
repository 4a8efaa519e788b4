-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta, stream. Arguments: first revision, commits at most. Answers what is kept of them.

if call('EXISTS', KEYS[1]) == 0 then
  return redis.error_reply('KVIST the store is not there')
end
return call('XRANGE', KEYS[2], ARGV[1], '+', 'COUNT', ARGV[2])
