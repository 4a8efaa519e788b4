-- SPDX-License-Identifier: Apache-2.0

-- Which commits need no longer be kept is decided at marks, one for each so many commits or bytes. What is kept comes as the
-- number of commits, of bytes, and the instant since which they are kept, in three words.
local function trim(revision, bytes, now, keep)
  local kept, keptBytes, since = string.match(keep, '^(%d+):(%d+):(.*)$')
  kept, keptBytes = tonumber(kept), tonumber(keptBytes)
  call('RPUSH', KEYS[3], string.format('%.0f:%.0f:', revision, bytes) .. now)
  local step = math.min(64, math.floor(kept / 64) + 1)
  call('HSET', KEYS[1], 'mark', string.format('%.0f', revision + step), 'markBytes',
    string.format('%.0f', bytes + math.floor(keptBytes / 16)))
  local cut
  while true do
    local marked, markedBytes, at = string.match(call('LINDEX', KEYS[3], 0), '^(%d+):(%d+):(.*)$')
    marked = tonumber(marked)
    if marked >= revision then
      break
    end
    local isOld = revision - marked >= kept and not isLater(at, since)
    if not isOld and bytes - tonumber(markedBytes) < keptBytes then
      break
    end
    call('LPOP', KEYS[3])
    cut = marked
  end
  if cut then
    call('XTRIM', KEYS[2], 'MAXLEN', string.format('%.0f', revision - cut))
  end
end
