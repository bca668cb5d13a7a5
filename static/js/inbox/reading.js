// The read pointer moves only while somebody really looks: tab visible, thread on screen, at its foot.
import { postForm } from './api.js';
import { when } from './bus.js';
import { current, log } from './page.js';
import { isAtBottom } from './scroll.js';
import * as socket from './socket.js';
import { newestPosition } from './thread.js';
import { markRead, readWhile } from './unread.js';

const told = new Map();
let scheduled = 0;

export function startReading() {
  readWhile(conversation => conversation === current() && isLooking());
  for (const event of ['panes:shown', 'view:changed', 'thread:changed', 'row:changed']) when(event, soon);
  when('link:synced', () => { told.clear(); soon(); });
  document.addEventListener('visibilitychange', soon);
  addEventListener('focus', soon);
  document.addEventListener('scroll', event => event.target === log() && soon(), { capture: true, passive: true });
}

const isLooking = () => Boolean(log()?.offsetParent) && document.visibilityState === 'visible' && isAtBottom();

// Pushes come in bursts; one report for each burst is enough.
function soon() {
  if (scheduled) return;
  scheduled = setTimeout(() => { scheduled = 0; report(); }, 120);
}

function report() {
  const conversation = current();
  if (!conversation || !isLooking()) return;
  markRead(conversation);
  const position = newestPosition();
  if (position <= (told.get(conversation) ?? 0)) return;
  told.set(conversation, position);
  const frame = { type: 'read', conversation, position };
  if (!(socket.isReady() && socket.send(frame))) postForm(log().dataset.marks, { read: position });
}
