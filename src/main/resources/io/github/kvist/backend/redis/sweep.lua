-- SPDX-License-Identifier: Apache-2.0
-- Removes entries that are due, in one commit. Safe beside other sweepers and writers: each entry is looked at again.
--
-- Keys: meta, stream, marks, names, deadlines; then entries and order of each keyspace. Arguments: clock; stamp; what to keep;
-- then keyspace and key of each entry. Answers revision, instant, and for each entry 1 if it was removed.

local meta = call('HMGET', KEYS[1], 'revision', 'instant', 'bytes', 'mark', 'markBytes')
if not meta[1] then
  return redis.error_reply('KVIST the store is not there')
end
local revision = tonumber(meta[1])
local now = instant(ARGV[1], meta[2])

local spaces, changes, removed = {}, {}, {}
for i = 4, #ARGV, 2 do
  local number, key = tonumber(ARGV[i]), ARGV[i + 1]
  local hash = KEYS[4 + 2 * number]
  spaces[number] = spaces[number] or { name = string.sub(hash, #KEYS[1] - 1), hash = hash, order = KEYS[5 + 2 * number] }
  local entry = call('HGET', hash, key)
  local isDue = entry and not isLater(string.sub(entry, 9, 16), now)
  removed[#removed + 1] = isDue and 1 or 0
  if isDue then
    table.insert(changes, { space = spaces[number], key = key, raw = entry, before = entry, expired = true })
  end
end
if #changes > 0 then
  revision = revision + 1
  publish(revision, now, ARGV[2], changes, tonumber(meta[3]), meta[4], meta[5], ARGV[3])
end
return { revision, now, removed }
