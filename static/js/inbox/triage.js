// Acts on one conversation or on many: sent as one, watched while they run, and taken back on demand.
import { getJson, postJson } from './api.js';
import { pause } from './backoff.js';
import { refresh } from './list.js';
import { text } from './page.js';
import { refreshAround } from './panes.js';
import { clear, hasPicked, targets } from './picking.js';
import { quiet } from './sender.js';
import { isReady } from './socket.js';
import { toast } from './toast.js';
import { address, doneWords, words } from './triage-texts.js';

const LOOK_EVERY = 400;
// As long as the button is shown.
const UNDO_TIME = 12_000;
const bar = () => document.querySelector('[data-picked-progress]');
let last = null; // { id, at }: what Ctrl Z takes back
let queue = Promise.resolve(); // one act after the other: who presses quickly means both
let running = 0;

/** Do `verb` to what is chosen. Answers with whether it was done. */
export function perform(verb, value = null, on = targets()) {
  return after(() => go(verb, value, on));
}

/** Something that may become an act (a form of the header): an undo waits for its answer. */
export function after(work) {
  running += 1;
  queue = queue.then(work).finally(() => { running -= 1; });
  return queue;
}

async function go(verb, value, on) {
  if (!on) return false;
  const many = hasPicked() && (on.list !== undefined || on.ids.length > 1);
  if (on.ids?.length === 1) await quiet(on.ids[0]);
  const act = await run(address('triage'), { verb, value, ...on });
  if (!act) return false;
  if (many && verb !== 'label') clear();
  if (act.changed) offer(act);
  else toast(words('nothing'));
  return true;
}

/** Something was done by a form of the header: it can be taken back as well. */
export function offer({ id, verb, changed }) {
  last = { id, at: Date.now() };
  toast(doneWords(verb, changed), 'info', { action: words('undo'), act: () => takeBack(id) });
}

/** The act that an answer of the header's forms names: "close 7f3…". */
export function offerFrom({ act }) {
  const [verb, id] = (act ?? '').split(' ');
  if (id) offer({ id, verb, changed: 1 });
}

/** What was done last, as long as its toast was to be seen; false: there is nothing. */
export function undoLast() {
  if (!running && !isFresh()) return false;
  // The push about an act may be here before the answer that names it: the last act is the one that is on its way.
  after(() => isFresh() && takeBack(last.id));
}

const isFresh = () => last !== null && Date.now() - last.at <= UNDO_TIME;

async function takeBack(id) {
  if (last?.id === id) last = null;
  const act = await run(`${address('triage')}${id}/undo/`, {});
  if (act) toast(act.kept ? words('undoneBut', { n: act.kept }) : words('undone'));
}

async function run(url, body) {
  let reply = await postJson(url, body);
  while (reply.ok && ['running', 'undoing'].includes(reply.data.state)) {
    show(reply.data);
    await pause(LOOK_EVERY);
    const next = await getJson(`${address('triage')}${reply.data.id}/`);
    // It goes on without us: a line that is away for a moment stops nothing.
    if (next.ok || (next.status && next.status < 500)) reply = next;
  }
  show(null);
  if (reply.ok && !isReady()) await Promise.all([refresh(), refreshAround()]);
  if (reply.ok) return reply.data;
  if (reply.status !== 401) toast(reply.data?.detail || text(reply.status === 0 ? 'noNetwork' : 'failedHere'), 'error');
  return null;
}

function show(act) {
  if (!bar()) return;
  bar().hidden = !act;
  if (!act) return;
  const done = act.state === 'undoing' ? act.total - act.changed : act.done;
  bar().querySelector('span').textContent = words('progress', { n: done, all: act.total });
  bar().querySelector('progress').value = done / act.total;
}
