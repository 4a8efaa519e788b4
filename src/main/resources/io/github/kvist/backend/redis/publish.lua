-- SPDX-License-Identifier: Apache-2.0
-- How a commit is written: first the change in the stream, which may be refused, then what cannot be.

local CHUNK = 500

local function deadlineOf(entry)
  return entry and string.sub(entry, 9, 16) or NEVER
end

local function inChunks(command, key, list)
  for first = 1, #list, CHUNK * 2 do
    call(command, key, unpack(list, first, math.min(first + CHUNK * 2 - 1, #list)))
  end
end

-- Which commits need no longer be kept is decided at marks, one for each so many commits or bytes.
local function trim(revision, now, state, keep)
  local step = math.min(64, math.floor(keep.revisions / 64) + 1)
  if revision - state.mark < step and state.bytes - state.markBytes < keep.bytes / 16 then
    return
  end
  call('RPUSH', KEYS[3], string.format('%.0f:%.0f:', revision, state.bytes) .. now)
  call('HSET', KEYS[1], 'mark', string.format('%.0f', revision), 'markBytes', string.format('%.0f', state.bytes))
  local cut
  while true do
    local head = call('LINDEX', KEYS[3], 0)
    local marked, bytes, at = string.match(head or '', '^(%d+):(%d+):(.*)$')
    marked = tonumber(marked)
    if not marked or marked >= revision then
      break
    end
    local isOld = revision - marked >= keep.revisions and not isLater(at, keep.since)
    if not isOld and state.bytes - tonumber(bytes) < keep.bytes then
      break
    end
    call('LPOP', KEYS[3])
    cut = marked
  end
  if cut then
    call('XTRIM', KEYS[2], 'MAXLEN', string.format('%.0f', revision - cut))
  end
end

-- Writes a revision. Each change has space, key, raw (what is stored), before and after (what is visible), expired.
-- A space has name, hash and order, the last two of which are keys.
local function publish(revision, now, stamp, changes, state, keep)
  local keys, values = { now, stamp }, {}
  for i, change in ipairs(changes) do
    local flags = (change.before and 1 or 0) + (change.after and 2 or 0) + (change.expired and 4 or 0)
    keys[i + 2] = struct.pack('>I2c0I4c0B', #change.space.name, change.space.name, #change.key, change.key, flags)
    if change.expired then
      keys[i + 2] = keys[i + 2] .. deadlineOf(change.before)
    end
    if change.before then
      values[#values + 1] = struct.pack('>I4', #change.before) .. change.before
    end
    if change.after then
      values[#values + 1] = struct.pack('>I4', #change.after) .. change.after
    end
  end
  local what, with = table.concat(keys), table.concat(values)
  call('XADD', KEYS[2], string.format('%.0f-0', revision), 'k', what, 'v', with)
  state.bytes = state.bytes + #what + #with
  call('HSET', KEYS[1], 'revision', string.format('%.0f', revision), 'instant', now, 'bytes',
    string.format('%.0f', state.bytes))

  local due, neverDue = {}, {}
  for _, change in ipairs(changes) do
    local space = change.space
    if not space.sets then
      space.sets, space.added, space.removed = {}, {}, {}
    end
    local deadline = deadlineOf(change.after)
    if change.after then
      table.insert(space.sets, change.key)
      table.insert(space.sets, change.after)
      if not change.raw then
        table.insert(space.added, 0)
        table.insert(space.added, change.key)
      end
    else
      table.insert(space.removed, change.key)
    end
    if deadline ~= deadlineOf(change.raw) then
      local member = struct.pack('>I2', #space.name) .. space.name .. change.key
      if deadline == NEVER then
        table.insert(neverDue, member)
      else
        table.insert(due, string.format('%.17g', millisOf(deadline)))
        table.insert(due, member)
      end
    end
  end
  for _, change in ipairs(changes) do
    local space = change.space
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
  trim(revision, now, state, keep)
end
