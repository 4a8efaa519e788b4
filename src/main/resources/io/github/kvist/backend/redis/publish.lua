-- SPDX-License-Identifier: Apache-2.0
-- How a commit is written: first the change in the stream, which may be refused, then what cannot be.

local CHUNK = 500

local function inChunks(command, key, list)
  for first = 1, #list, CHUNK * 2 do
    call(command, key, unpack(list, first, math.min(first + CHUNK * 2 - 1, #list)))
  end
end

-- Writes a revision. Each change has space, key, raw (what is stored), before and after (what is visible), expired.
-- A space has name, hash and order, the last two of which are keys. Of meta come bytes, mark and markBytes.
local function publish(revision, now, stamp, changes, bytes, mark, markBytes, keep)
  local keys, values = { now, stamp }, {}
  for i = 1, #changes do
    local change = changes[i]
    local before, after, name = change.before, change.after, change.space.name
    local flags = (before and 1 or 0) + (after and 2 or 0) + (change.expired and 4 or 0)
    keys[#keys + 1] = pack('>I2c0I4c0B', #name, name, #change.key, change.key, flags)
    if change.expired then
      keys[#keys + 1] = sub(before, 9, 16)
    end
    if before then
      values[#values + 1] = pack('>I4', #before)
      values[#values + 1] = before
    end
    if after then
      values[#values + 1] = pack('>I4', #after)
      values[#values + 1] = after
    end
  end
  local what, with = table.concat(keys), table.concat(values)
  local number = string.format('%.0f', revision)
  call('XADD', KEYS[2], number .. '-0', 'k', what, 'v', with)
  bytes = bytes + #what + #with
  call('HSET', KEYS[1], 'revision', number, 'instant', now, 'bytes', string.format('%.0f', bytes))

  local due, neverDue = {}, {}
  for i = 1, #changes do
    local change = changes[i]
    local space, key, raw, after = change.space, change.key, change.raw, change.after
    if not space.sets then
      space.sets, space.added, space.removed = {}, {}, {}
    end
    if after then
      space.sets[#space.sets + 1] = key
      space.sets[#space.sets + 1] = after
      if not raw then
        space.added[#space.added + 1] = 0
        space.added[#space.added + 1] = key
      end
    else
      space.removed[#space.removed + 1] = key
    end
    local deadline = after and sub(after, 9, 16) or NEVER
    if deadline ~= (raw and sub(raw, 9, 16) or NEVER) then
      local member = pack('>I2', #space.name) .. space.name .. key
      if deadline == NEVER then
        neverDue[#neverDue + 1] = member
      else
        due[#due + 1] = string.format('%.17g', millisOf(deadline))
        due[#due + 1] = member
      end
    end
  end
  for i = 1, #changes do
    local space = changes[i].space
    if space.sets then
      inChunks('HSET', space.hash, space.sets)
      inChunks('ZADD', space.order, space.added)
      inChunks('HDEL', space.hash, space.removed)
      inChunks('ZREM', space.order, space.removed)
      if #space.added > 0 then
        call('SADD', KEYS[4], space.name)
      end
      space.sets = nil
    end
  end
  inChunks('ZADD', KEYS[5], due)
  inChunks('ZREM', KEYS[5], neverDue)
  if revision >= tonumber(mark) or bytes >= tonumber(markBytes) then
    trim(revision, bytes, now, keep)
  end
end
