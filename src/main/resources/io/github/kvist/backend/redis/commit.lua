-- SPDX-License-Identifier: Apache-2.0
-- A whole transaction: all of it or nothing.
--
-- Keys: meta, stream, marks, names, deadlines, fences; then entries and order of each keyspace.
-- Arguments: clock; stamp; '' or, if it is sent again, the revision that was the newest before it was sent first; commits to keep,
-- instant since which they are kept, bytes to keep; revision since which nothing may have changed, instant by which that is judged,
-- number of ranges, for each keyspace, kind (p for one key, r for a range, e for one without an end), from, to;
-- number of conditions, for each keyspace, key, version or '' if there must be no entry; then the operations:
-- P keyspace key entry, T keyspace key deadline, D keyspace key.
-- Answers what became of it, revision, instant.

local position = 0
local function take()
  position = position + 1
  return ARGV[position]
end

local clock, stamp, sentBehind = take(), take(), take()
local keep = { revisions = tonumber(take()), since = take(), bytes = tonumber(take()) }
local meta = call('HMGET', KEYS[1], 'revision', 'instant', 'bytes', 'mark', 'markBytes', 'fenced')
if not meta[1] then
  return gone()
end
local revision = tonumber(meta[1])
local now = instant(clock, meta[2])

-- Goes through the commits behind a revision until visit answers something; 'trimmed' if they are no longer kept.
local function commitsBehind(since, visit)
  local reached = since
  while reached < revision do
    local entries = call('XRANGE', KEYS[2], string.format('%.0f', reached + 1), '+', 'COUNT', 100)
    if #entries == 0 then
      return 'trimmed'
    end
    for _, entry in ipairs(entries) do
      reached = reached + 1
      if entry[1] ~= string.format('%.0f-0', reached) then
        return 'trimmed'
      end
      local answer = visit(entry[2][2], reached)
      if answer then
        return answer
      end
    end
  end
  return reached > revision and 'trimmed' or nil
end

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
  local answer = commitsBehind(tonumber(sentBehind), function(keys, at)
    earlier = at
    return string.sub(keys, 9, 16) == stamp and 'found'
  end)
  if answer == 'found' then
    return fenced('done', earlier)
  end
  if answer then
    return { 'lost', revision, now }
  end
end

local spaces = {}
local function space(number)
  local found = spaces[number]
  if not found then
    local hash = KEYS[5 + 2 * number]
    -- Its key is that of the meta, with h:NAME in place of meta.
    found = { name = string.sub(hash, #KEYS[1] - 1), hash = hash, order = KEYS[6 + 2 * number], keys = {}, raw = {}, after = {} }
    spaces[number] = found
  end
  return found
end

-- What was read and must not have changed.
local function requireUnchanged(since, judged)
  local points, ranges = {}, {}
  for _ = 1, tonumber(take()) do
    local name, kind, from, to = space(tonumber(take())).name, take(), take(), take()
    if kind == 'p' then
      points[name] = points[name] or {}
      points[name][from] = true
    else
      ranges[name] = ranges[name] or {}
      table.insert(ranges[name], { from = from, to = kind == 'r' and to or nil })
    end
  end
  if since == '' then
    return nil
  end
  -- Unsigned bytes, whatever the locale.
  local function isBelow(a, b)
    for i = 1, math.min(#a, #b) do
      local x, y = string.byte(a, i), string.byte(b, i)
      if x ~= y then
        return x < y
      end
    end
    return #a < #b
  end
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
  return commitsBehind(tonumber(since), function(keys)
    local at = 17
    while at <= #keys do
      local name, key, flags, wasDue
      name, key, flags, at = struct.unpack('>I2c0I4c0B', keys, at)
      if flags >= 4 then
        wasDue = not isLater(string.sub(keys, at, at + 7), judged)
        at = at + 8
      end
      if not wasDue and wasRead(name, key) then
        return 'changed'
      end
    end
  end)
end

local function visible(entry)
  if entry and isLater(string.sub(entry, 9, 16), now) then
    return entry
  end
  return nil
end

local since, judged = take(), take()
local conflict = requireUnchanged(since, judged)
if conflict then
  return fenced(conflict, revision)
end
for _ = 1, tonumber(take()) do
  local hash, key, version = space(tonumber(take())).hash, take(), take()
  local entry = visible(call('HGET', hash, key))
  if (entry and string.sub(entry, 1, 8) or '') ~= version then
    return fenced('refused', revision)
  end
end

-- All keys are looked at before the first operation, each once.
local touched, first = {}, position
while position < #ARGV do
  local kind, at, key = take(), space(tonumber(take())), take()
  if kind ~= 'D' then
    take()
  end
  if at.raw[key] == nil then
    if #at.keys == 0 then
      table.insert(touched, at)
    end
    at.raw[key] = false
    table.insert(at.keys, key)
  end
end
for _, at in ipairs(touched) do
  for from = 1, #at.keys, CHUNK do
    local to = math.min(from + CHUNK - 1, #at.keys)
    for i, entry in ipairs(call('HMGET', at.hash, unpack(at.keys, from, to))) do
      at.raw[at.keys[from + i - 1]] = entry
      at.after[at.keys[from + i - 1]] = visible(entry)
    end
  end
end

position = first
while position < #ARGV do
  local kind, at, key = take(), space(tonumber(take())), take()
  if kind == 'P' then
    at.after[key] = visible(take())
  elseif kind == 'D' then
    at.after[key] = nil
  else
    local deadline, entry = take(), at.after[key]
    if entry then
      at.after[key] = visible(string.sub(entry, 1, 8) .. deadline .. string.sub(entry, 17))
    end
  end
end

local changes = {}
for _, at in ipairs(touched) do
  for _, key in ipairs(at.keys) do
    local raw, after = at.raw[key], at.after[key]
    local before = visible(raw)
    if before ~= after then
      table.insert(changes, { space = at, key = key, raw = raw, before = before, after = after })
    end
  end
end
if #changes > 0 then
  revision = revision + 1
  local state = { bytes = tonumber(meta[3]), mark = tonumber(meta[4]), markBytes = tonumber(meta[5]) }
  publish(revision, now, stamp, changes, state, keep)
end
return fenced('done', revision)
