-- SPDX-License-Identifier: Apache-2.0
-- A whole transaction: all of it or nothing.
--
-- Keys: meta, stream, marks, names, deadlines, fences; then entries and order of each keyspace.
-- Arguments: clock; stamp; '' or, if it is sent again, the revision that was the newest before it was sent first; what to keep;
-- '' or the revision since which nothing may have changed, and if it is there, the instant by which that is judged, the number of
-- ranges, for each keyspace, kind (p for one key, r for a range, e for one without an end), from, to;
-- number of conditions, for each keyspace, key, version or '' if there must be no entry; then the operations:
-- P keyspace key entry, T keyspace key deadline, D keyspace key.
-- Answers what became of it, revision, instant.

local ARGV, KEYS = ARGV, KEYS
local meta = call('HMGET', KEYS[1], 'revision', 'instant', 'bytes', 'mark', 'markBytes', 'fenced')
if not meta[1] then
  return redis.error_reply('KVIST the store is not there')
end
local revision = tonumber(meta[1])
local now = instant(ARGV[1], meta[2])
local stamp, sentBehind = ARGV[2], ARGV[3]

-- Whoever sends a transaction again, or asks what became of it, leaves a fence against the first copy of it, which may still
-- be on its way.
local function fenced(answer, at)
  if sentBehind ~= '' then
    call('HSET', KEYS[6], stamp, (answer == 'done' and string.format('%.0f:', at) or 'void:') .. now)
    call('HSET', KEYS[1], 'fenced', '1')
  end
  return { answer, at, now }
end

if meta[6] then
  local fence = call('HGET', KEYS[6], stamp)
  if fence then
    local at = string.match(fence, '^(%d+):')
    return at and { 'done', tonumber(at), now } or { 'void', revision, now }
  end
end
if sentBehind ~= '' then
  local earlier
  local answer = commitsBehind(tonumber(sentBehind), revision, function(keys, at)
    earlier = at
    return sub(keys, 9, 16) == stamp and 'found'
  end)
  if answer == 'found' then
    return fenced('done', earlier)
  end
  if answer then
    return { 'lost', revision, now }
  end
end

local function nameOf(number)
  -- The key of the entries is that of meta, with h:NAME in place of meta.
  return sub(KEYS[5 + 2 * number], #KEYS[1] - 1)
end

local function visible(entry)
  if entry and isLater(sub(entry, 9, 16), now) then
    return entry
  end
  return nil
end

-- What was read and must not have changed.
local position = 5
if ARGV[5] ~= '' then
  local judged = ARGV[6]
  local points, ranges = {}, {}
  for at = 8, 4 + 4 * ARGV[7], 4 do
    local name, kind, from = nameOf(ARGV[at]), ARGV[at + 1], ARGV[at + 2]
    if kind == 'p' then
      points[name] = points[name] or {}
      points[name][from] = true
    else
      ranges[name] = ranges[name] or {}
      table.insert(ranges[name], { from = from, to = kind == 'r' and ARGV[at + 3] or nil })
    end
  end
  position = 7 + 4 * ARGV[7]
  local function wasRead(name, key)
    if points[name] and points[name][key] then
      return true
    end
    for _, range in ipairs(ranges[name] or {}) do
      if not isBelow(key, range.from) and (not range.to or isBelow(key, range.to)) then
        return true
      end
    end
    return false
  end
  local conflict = commitsBehind(tonumber(ARGV[5]), revision, function(keys)
    local at = 17
    while at <= #keys do
      local name, key, flags, wasDue
      name, key, flags, at = unpackBytes('>I2c0I4c0B', keys, at)
      if flags >= 4 then
        wasDue = not isLater(sub(keys, at, at + 7), judged)
        at = at + 8
      end
      if not wasDue and wasRead(name, key) then
        return 'changed'
      end
    end
  end)
  if conflict then
    return fenced(conflict, revision)
  end
end

local conditions = tonumber(ARGV[position + 1])
position = position + 2
for at = position, position + 3 * conditions - 1, 3 do
  local entry = visible(call('HGET', KEYS[5 + 2 * ARGV[at]], ARGV[at + 1]))
  if (entry and sub(entry, 1, 8) or '') ~= ARGV[at + 2] then
    return fenced('refused', revision)
  end
end
position = position + 3 * conditions

-- All keys are looked at before the first operation, each once.
local spaces, touched = {}, {}
local at = position
while at <= #ARGV do
  local number, key = ARGV[at + 1], ARGV[at + 2]
  local space = spaces[number]
  if not space then
    space = { name = nameOf(number), hash = KEYS[5 + 2 * number], order = KEYS[6 + 2 * number], keys = {}, raw = {}, after = {} }
    spaces[number] = space
    touched[#touched + 1] = space
  end
  if space.raw[key] == nil then
    space.raw[key] = false
    space.keys[#space.keys + 1] = key
  end
  at = at + (ARGV[at] == 'D' and 3 or 4)
end
for _, space in ipairs(touched) do
  local keys = space.keys
  for first = 1, #keys, CHUNK do
    local entries = call('HMGET', space.hash, unpack(keys, first, math.min(first + CHUNK - 1, #keys)))
    for i = 1, #entries do
      local key = keys[first + i - 1]
      space.raw[key] = entries[i]
      space.after[key] = visible(entries[i])
    end
  end
end

at = position
while at <= #ARGV do
  local kind, after, key = ARGV[at], spaces[ARGV[at + 1]].after, ARGV[at + 2]
  if kind == 'P' then
    after[key] = visible(ARGV[at + 3])
  elseif kind == 'D' then
    after[key] = nil
  elseif after[key] then
    after[key] = visible(sub(after[key], 1, 8) .. ARGV[at + 3] .. sub(after[key], 17))
  end
  at = at + (kind == 'D' and 3 or 4)
end

local changes = {}
for _, space in ipairs(touched) do
  for _, key in ipairs(space.keys) do
    local raw, after = space.raw[key], space.after[key]
    local before = visible(raw)
    if before ~= after then
      changes[#changes + 1] = { space = space, key = key, raw = raw, before = before, after = after }
    end
  end
end
if #changes > 0 then
  revision = revision + 1
  publish(revision, now, stamp, changes, tonumber(meta[3]), meta[4], meta[5], ARGV[4])
end
return fenced('done', revision)
