// What is begun in the composer, per conversation and member, the reply and the note apart. The tab's copy is written at
// every key, so no reload loses it; the server has it a moment later, and with it every other device.
// `tell` events: draft:arrived {note}, draft:changed {conversation}.
import { postJson } from './api.js';
import { tell, when } from './bus.js';
import { owner, settings } from './page.js';

const AFTER = 800;
const AGAIN = 5_000;
const PREFIX = `minichat:draft:${owner}:`;
const kinds = ['reply', 'note'];
const onServer = new Map(); // conversation: is there one, as far as the server told us
let open = null; // { conversation, mode, reply: part, note: part }; a part is { text, n, dirty, mentions, typed }
let timer = 0;
let saving = null;

const empty = () => ({ text: '', n: 0, dirty: false, mentions: [] });
const kindOf = note => (note ? 'note' : 'reply');
const addressOf = conversation => `${settings.listUrl}${conversation}/draft/`;

export function startDrafts() {
  when('frame:draft', arrived);
  when('link:synced', saveAll);
  addEventListener('pagehide', () => save({ keepalive: true }));
  document.addEventListener('visibilitychange', () => document.hidden && save({ keepalive: true }));
}

// --- The tab's copy --------------------------------------------------------------------------------------------------

/** What the composer of this conversation begins with. `begun` is what the server has. The tab's copy wins until it is saved. */
export function load(conversation, begun) {
  save();
  const mine = stored(conversation);
  open = { conversation, mode: mine.mode };
  for (const kind of kinds) {
    const { body = '', counter = 0, mentions = [] } = begun[kind] ?? {};
    const server = { text: body, n: counter, dirty: false, mentions };
    open[kind] = mine[kind].dirty || mine[kind].n > counter ? mine[kind] : server;
  }
  if (!mine.mode && open.note.text && !open.reply.text) open.mode = 'note';
  keep();
  if (kinds.some(kind => open[kind].dirty)) soon();
  return { note: open.mode === 'note' };
}

function stored(conversation) {
  let found = null;
  try {
    found = JSON.parse(localStorage.getItem(PREFIX + conversation));
  } catch {
    // Refused, or not ours: there is none.
  }
  if (typeof found?.text === 'string') found = { mode: kindOf(found.note), [kindOf(found.note)]: { ...empty(), text: found.text, dirty: true } };
  return { mode: found?.mode ?? '', reply: { ...empty(), ...found?.reply }, note: { ...empty(), ...found?.note } };
}

function keep() {
  write(open);
  onServer.set(open.conversation, kinds.some(kind => open[kind].text));
  tell('draft:changed', { conversation: open.conversation });
}

function write({ conversation, mode, reply, note }) {
  const isWorth = [reply, note].some(part => part.text || part.dirty);
  try {
    if (isWorth) localStorage.setItem(PREFIX + conversation, JSON.stringify({ mode, reply, note }));
    else localStorage.removeItem(PREFIX + conversation);
  } catch {
    // Storage is full or refused: the text is still in the field.
  }
}

export const textOf = note => open?.[kindOf(note)].text ?? '';
export const mentionsOf = note => open?.[kindOf(note)].mentions ?? [];

/** The composer shows the reply or the note now. */
export function choose(note) {
  if (!open) return;
  open.mode = kindOf(note);
  keep();
}

/** Something was typed. `mentions`: colleagues whom the text names. */
export function put(note, text, mentions = mentionsOf(note)) {
  const part = open[kindOf(note)];
  if (part.text === text && part.mentions === mentions) return;
  Object.assign(part, { text, mentions, dirty: true, typed: true });
  keep();
  soon();
}

/** The newest number that a draft of this kind was given. */
export const counter = note => open?.[kindOf(note)].n ?? null;

/** The text is in the outbox; `rest` is what was typed since. What was on its way to the server is emptied there, too. */
export function sent(conversation, note, rest) {
  const kind = kindOf(note);
  const isHere = open?.conversation === conversation;
  const record = isHere ? open : { conversation, ...stored(conversation) };
  const isOnItsWay = saving?.conversation === conversation && saving.kind === kind;
  const isUnsaved = Boolean(rest) || isOnItsWay || !isHere;
  const part = record[kind];
  Object.assign(part, { text: rest, mentions: rest ? part.mentions : [], n: part.n + 1, dirty: isUnsaved, typed: isUnsaved });
  if (isHere) keep();
  else write(record);
  if (!isHere) saveStored(conversation);
  else if (isUnsaved) soon();
}

// --- The rows of the list --------------------------------------------------------------------------------------------

export function learn({ conversation, draft }) {
  if (draft !== undefined && !onServer.has(conversation)) onServer.set(conversation, draft === 'true');
}

export const has = conversation => onServer.get(conversation) ?? false;

// --- The server's copy -----------------------------------------------------------------------------------------------

function soon(after = AFTER) {
  clearTimeout(timer);
  timer = setTimeout(save, after);
}

async function save({ keepalive = false } = {}) {
  clearTimeout(timer);
  if (!open || saving || !settings.canReply) return;
  const { conversation } = open;
  const kind = kinds.find(name => open[name].dirty);
  if (!kind) return;
  const part = open[kind];
  const { text, mentions } = part;
  part.n += 1;
  write(open);
  saving = { conversation, kind };
  const reply = await postJson(addressOf(conversation), { note: kind === 'note', body: text, counter: part.n, mentions }, { keepalive });
  saving = null;
  if (reply.ok) settle(conversation, kind, part, text, reply.data);
  // Another row was opened meanwhile: what was typed last there goes out as well.
  if (reply.ok && conversation !== open?.conversation) saveStored(conversation);
  if (!reply.ok && (reply.status === 0 || reply.status >= 429)) soon(AGAIN);
  else if (reply.ok && open && kinds.some(name => open[name].dirty && open[name].typed)) soon();
}

function settle(conversation, kind, part, text, { saved, counter }) {
  part.n = Math.max(part.n, counter);
  // Refused: another tab knew a later number. Whoever types here now says the last word, with the number after it.
  if (saved && part.text === text) Object.assign(part, { dirty: false, typed: false });
  if (open?.conversation === conversation) keep();
  else if (saved) write({ conversation, ...stored(conversation), [kind]: part });
}

/** What was typed without a connection, in whichever conversation. */
async function saveAll() {
  await save();
  for (const key of storedKeys()) {
    const conversation = key.slice(PREFIX.length);
    if (conversation !== open?.conversation) await saveStored(conversation);
  }
}

function storedKeys() {
  try {
    return Object.keys(localStorage).filter(name => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

async function saveStored(conversation) {
  const mine = stored(conversation);
  for (const kind of kinds.filter(name => mine[name].dirty)) {
    const part = mine[kind];
    const reply = await postJson(addressOf(conversation), { note: kind === 'note', body: part.text, counter: part.n + 1, mentions: part.mentions });
    if (reply.status === 0) return;
    if (reply.ok && !reply.data.saved && part.text) continue;
    // Saved, or the conversation is no longer ours: either way it is not asked again.
    write({ conversation, ...mine, [kind]: { ...part, n: part.n + 1, dirty: false } });
  }
}

/** Another tab or device of this member. */
function arrived({ conversation, note, body, counter, mentions }) {
  const kind = kindOf(note);
  if (conversation !== open?.conversation) {
    if (body || !stored(conversation)[note ? 'reply' : 'note'].text) onServer.set(conversation, Boolean(body));
    return tell('draft:changed', { conversation });
  }
  const part = open[kind];
  if (counter && counter <= part.n) return;
  part.n = Math.max(part.n, counter);
  if (part.dirty) return;
  Object.assign(part, { text: body, mentions });
  keep();
  tell('draft:arrived', { note });
}
