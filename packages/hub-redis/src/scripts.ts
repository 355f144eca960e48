import { createHash } from "node:crypto";
import { MAX_REDIS_MARKS } from "./defaults.ts";

/** A Lua script, by which the store does several things in one step. */
export interface Script {
  readonly text: string;
  /** By which the store knows it once it has seen it. */
  readonly sha: string;
}

/** How many entries a call removes beside those that it appends, so that no call holds the store up for long. */
const TRIM_LIMIT = 1_000;
/** How many entries a script takes at once from a stream that it reads by bytes. */
const READ_BATCH = 16;

/**
 * Every script begins so. The log is one stream with ids `<tag>-<n>`, whose entries carry all that is to be known of it
 * in the field `h`: epoch, tag of the entry before, size of all up to here, own size, bytes of its event, whether it is
 * an end. So nothing beside the stream can drift from it: the newest entry, which is never removed, is the head, and the
 * oldest tells the floor. A log that was never appended to has one entry at 0, which no reader gets.
 *
 * The keys beside it are indexes: `ids` and `ends` give entries that are still there, `marks` holds the position of the
 * last removed entry of each topic and `tags` its tag, `forgotten` both of the highest mark that was let go. A topic's
 * name in them is JSON, one line each in the field `t`, so that text which is no valid Unicode stays what it is.
 */
const PRELUDE = `
local entries, ids, marks, tags, forgotten, ends = unpack(KEYS)
local now = tonumber(ARGV[1])
local maxBytes, maxCount, maxAge = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function whole(number) return string.format('%.0f', number) end

local function lines(text) return string.gmatch(text, '[^\\n]+') end

local function read(raw)
  local tag, n = string.match(raw[1], '^(%d+)-(%d+)$')
  local epoch, before, total, size, bytes, ending =
    string.match(raw[2][2], '^(%w+) (%d+) (%d+) (%d+) (%d+) ([01])$')
  return {
    at = raw[1], tag = tonumber(tag), n = tonumber(n), epoch = epoch, before = tonumber(before),
    total = tonumber(total), size = tonumber(size), bytes = tonumber(bytes), ending = ending == '1',
    id = raw[2][4], topics = raw[2][6],
  }
end

local function write(entry, body)
  entry.at = whole(entry.tag) .. '-' .. whole(entry.n)
  local head = table.concat({
    entry.epoch, whole(entry.before), whole(entry.total), whole(entry.size), whole(entry.bytes),
    entry.ending and '1' or '0',
  }, ' ')
  redis.call('XADD', entries, entry.at, 'h', head, 'i', entry.id, 't', entry.topics, 'b', body)
  return entry
end

local newest = redis.call('XREVRANGE', entries, '+', '-', 'COUNT', 1)[1]
local head
if newest then
  head = read(newest)
else
  redis.call('UNLINK', ids, marks, tags, forgotten, ends)
  head = write({
    tag = math.max(now, 1), n = 0, epoch = ARGV[2], before = 0, total = 0, size = 0, bytes = 0, id = '', topics = '',
  }, '')
end
local first = read(redis.call('XRANGE', entries, '-', '+', 'COUNT', 1)[1])

local function outlived(entry)
  if entry.n == head.n then return false end
  return entry.n == 0 or head.total - entry.total + entry.size > maxBytes
    or head.n - entry.n + 1 > maxCount or entry.tag <= now - maxAge
end

local function forget(entry)
  if redis.call('HGET', ids, entry.id) == entry.at then redis.call('HDEL', ids, entry.id) end
  for topic in lines(entry.topics) do
    if entry.ending and redis.call('HGET', ends, topic) == entry.at then redis.call('HDEL', ends, topic) end
    redis.call('ZADD', marks, whole(entry.n), topic)
    redis.call('HSET', tags, topic, whole(entry.tag))
  end
end

local function trim(appended)
  local limit = ${TRIM_LIMIT} + appended
  local from = first
  while limit > 0 and outlived(first) do
    forget(first)
    first = read(redis.call('XRANGE', entries, '(' .. first.at, '+', 'COUNT', 1)[1])
    limit = limit - 1
  end
  if first == from then return end
  redis.call('XTRIM', entries, 'MINID', first.at)
  local excess = redis.call('ZCARD', marks) - ${MAX_REDIS_MARKS}
  if excess > 0 then
    local let = redis.call('ZPOPMIN', marks, excess)
    local highest = redis.call('HGET', tags, let[#let - 1])
    redis.call('SET', forgotten, (highest or '0') .. '-' .. let[#let])
    for i = 1, #let, 2 do redis.call('HDEL', tags, let[i]) end
  end
end

local function floor()
  if first.n == 0 then return { n = 0, tag = first.tag } end
  return { n = first.n - 1, tag = first.before }
end
`;

/**
 * Appends the entries from ARGV[6] on, six values each, and removes what is outlived. Gives the epoch, and for each
 * entry: `a` and where it was put, `k` and the entry that has its id, or `e` and the last end of its topics.
 */
export const APPEND: Script = script(`
local function lastEnd(topics, ending)
  local last, lastN
  for topic in lines(topics) do
    local at = redis.call('HGET', ends, topic)
    if at then
      local n = tonumber(string.match(at, '%d+$'))
      if not last or n > lastN then last, lastN = at, n end
    elseif ending then
      return nil
    end
  end
  return last
end

local function append(i)
  local id, topics, ending = ARGV[i], ARGV[i + 4], ARGV[i + 3] == '1'
  local at = redis.call('HGET', ids, id)
  local known = at and redis.call('XRANGE', entries, at, at)[1]
  if known then return { 'k', known } end
  local ended = lastEnd(topics, ending)
  if ended then return { 'e', ended } end
  local size = tonumber(ARGV[i + 1])
  head = write({
    tag = math.max(head.tag, now), n = head.n + 1, epoch = head.epoch, before = head.tag,
    total = head.total + size, size = size, bytes = tonumber(ARGV[i + 2]), ending = ending,
    id = id, topics = topics,
  }, ARGV[i + 5])
  redis.call('HSET', ids, id, head.at)
  if ending then
    for topic in lines(topics) do redis.call('HSET', ends, topic, head.at) end
  end
  return { 'a', head.at }
end

local results = {}
for i = 6, #ARGV, 6 do results[#results + 1] = append(i) end
trim(#results)
return { head.epoch, results }
`);

/**
 * Gives the epoch, where the head is, n and tag of the floor, whether there is an entry at ARGV[6], and the entries after
 * it: as many as fit in ARGV[7] bytes and one at least, none for 0.
 */
export const LOOK: Script = script(`
trim(0)
local at, limit = ARGV[6], tonumber(ARGV[7])
local kept = at ~= '' and redis.call('XRANGE', entries, at, at)[1] ~= nil
local found, bytes, full = {}, 0, limit == 0
local from, count = '(' .. at, 1
while not full do
  local batch = redis.call('XRANGE', entries, from, '+', 'COUNT', count)
  for _, raw in ipairs(batch) do
    bytes = bytes + read(raw).bytes
    full = #found > 0 and bytes > limit
    if full then break end
    found[#found + 1] = raw
    from = '(' .. raw[1]
  end
  full = full or #batch < count
  count = math.min(count * 2, ${READ_BATCH})
end
local low = floor()
return { head.epoch, head.at, low.n, low.tag, kept and 1 or 0, found }
`);

/** Gives the epoch, and where the entry with the id ARGV[6] is; nothing when it is not kept. */
export const FIND: Script = script(`
trim(0)
local at = redis.call('HGET', ids, ARGV[6])
return { head.epoch, at or '' }
`);

/** Gives the epoch, and for each topic from ARGV[6] on where its last end is; nothing where none is kept. */
export const ENDS: Script = script(`
trim(0)
local found = {}
for i = 6, #ARGV do found[#found + 1] = redis.call('HGET', ends, ARGV[i]) or '' end
return { head.epoch, found }
`);

/**
 * Whether an entry after the one at ARGV[6], of the tag ARGV[7], was removed that may belong to one of the topics from
 * ARGV[9] on; ARGV[8]: `any` topic. A younger tag is after it in any case, for it may be of a history that was lost.
 */
export const TRIMMED: Script = script(`
trim(0)
local n, tag = tonumber(ARGV[6]), tonumber(ARGV[7])
local function isAfter(markTag, markN)
  markTag, markN = tonumber(markTag), tonumber(markN)
  return markTag > tag or (markTag == tag and markN > n)
end
if n >= floor().n then return 0 end
if ARGV[8] == 'any' or redis.call('EXISTS', marks, tags) < 2 then return 1 end
local let = redis.call('GET', forgotten)
if let and isAfter(string.match(let, '^(%d+)-(%d+)$')) then return 1 end
for i = 9, #ARGV do
  local mark = redis.call('ZSCORE', marks, ARGV[i])
  if mark and isAfter(redis.call('HGET', tags, ARGV[i]) or tag + 1, mark) then return 1 end
end
return 0
`);

function script(body: string): Script {
  const text = `${PRELUDE.trim()}\n${body.trim()}\n`;
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
