-- SPDX-License-Identifier: Apache-2.0
-- Keys: names. Answers the names of keyspaces that ever held something.

return call('SMEMBERS', KEYS[1])
