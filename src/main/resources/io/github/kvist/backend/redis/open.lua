-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta, fences, deadlines. Arguments: clock, version of the layout, 1 to create the store and draw a number for the client.
-- Answers the version found ('' for something else than a store, 'none' for nothing), revision, instant, number of the client, earliest deadline or ''.

local DAY_MILLIS = 86400000
local SECONDS_2020 = 1577836800

local kind = call('TYPE', KEYS[1]).ok
if kind ~= 'none' and kind ~= 'hash' then
  return { '', 0, '', 0, '' }
end
local meta = call('HMGET', KEYS[1], 'layout', 'revision', 'instant', 'clients')
local now = instant(ARGV[1], meta[3] or sub(ARGV[1], 2))
if kind == 'hash' and (meta[1] ~= ARGV[2] or not meta[2]) then
  return { meta[1] or '', 0, now, 0, '' }
end
if kind == 'none' and ARGV[3] ~= '1' then
  return { 'none', 0, now, 0, '' }
end
local client = 0
if ARGV[3] == '1' then
  if kind == 'none' then
    call('HSET', KEYS[1], 'layout', ARGV[2], 'revision', '0', 'instant', now, 'bytes', '0', 'mark', '0', 'markBytes', '0')
  end
  -- Not before the seconds since 2020: a server that lost its last moments gives no number out twice.
  client = math.max(tonumber(meta[4] or '0') + 1, call('TIME')[1] - SECONDS_2020)
  call('HSET', KEYS[1], 'clients', string.format('%.0f', client))
  -- The connections that could still bring what an old fence stands against are long gone.
  local fences = call('HGETALL', KEYS[2])
  for i = 1, #fences, 2 do
    if millisOf(now) - millisOf(string.sub(fences[i + 1], -8)) > DAY_MILLIS then
      call('HDEL', KEYS[2], fences[i])
    end
  end
  if call('HLEN', KEYS[2]) == 0 then
    call('HDEL', KEYS[1], 'fenced')
  end
end
local earliest = call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
return { ARGV[2], tonumber(meta[2] or '0'), now, client, earliest[2] or '' }
