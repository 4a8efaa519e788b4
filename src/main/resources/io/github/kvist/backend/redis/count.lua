-- SPDX-License-Identifier: Apache-2.0
-- Keys: meta, stream, order, deadlines. Arguments: clock, revision already known or '', first bound, last bound, the
-- keyspace as it begins its members of the deadlines, the instant to judge by or '' for now. Answers
-- how many there are, and how many more are due.

local PAGE = 1000

-- A bound is one of ZRANGEBYLEX: - or +, or [ or ( and a key.
local function isInside(key, from, to)
  local first, last = string.sub(from, 2), string.sub(to, 2)
  return not isBelow(key, first) and (to == '+' or isBelow(key, last))
end

local meta = call('HMGET', KEYS[1], 'revision', 'instant')
if not meta[1] then
  return redis.error_reply('KVIST the store is not there')
end
local revision = tonumber(meta[1])
local now = instant(ARGV[1], meta[2])
local judged = ARGV[6] == '' and now or ARGV[6]
local score = string.format('%.17g', millisOf(judged))
local count = call('ZLEXCOUNT', KEYS[3], ARGV[3], ARGV[4])
local space = ARGV[5]
local seen, hidden = 0, 0
while count > hidden do
  local due = call('ZRANGEBYSCORE', KEYS[4], '-inf', score, 'LIMIT', seen, PAGE)
  for _, member in ipairs(due) do
    if string.sub(member, 1, #space) == space and isInside(string.sub(member, #space + 1), ARGV[3], ARGV[4]) then
      hidden = hidden + 1
    end
  end
  seen = seen + #due
  if #due < PAGE then
    break
  end
end
return { revision, now, moved(KEYS[2], ARGV[2], revision), count - hidden, hidden }
