// The inbox: every module is one behaviour; this file only says who gets which frame, and in which order.
import { startActs } from './acts.js';
import { startBanner } from './banner.js';
import { startBell } from '../live/bell.js';
import { startBrowserNotifications } from '../live/browser.js';
import { tell, when } from './bus.js';
import { startCanned } from './canned.js';
import { startClock } from './clock.js';
import { startComposer } from './composer.js';
import { startCorrections } from './corrections.js';
import { drawCounts } from './counts.js';
import { startHead } from './head.js';
import { startLinks } from './links.js';
import { receiveRow, refresh, startList } from './list.js';
import { startMarks } from './marks.js';
import { current, settings } from './page.js';
import { refreshAround, reload, startPanes } from './panes.js';
import { startPending } from './pending.js';
import { startPolling } from './polling.js';
import { receivePresence } from './presence.js';
import { startReading } from './reading.js';
import { startResolving } from './resolving.js';
import { startScroll } from './scroll.js';
import { holdStale, startSender } from './sender.js';
import { startShortcuts } from './shortcuts.js';
import * as socket from './socket.js';
import { startTabs } from './tabs.js';
import { fill, known, promote, receive } from './thread.js';
import { startTitle } from './title.js';
import { toast } from './toast.js';
import { startTyping } from './typing.js';
import { pointer } from './unread.js';

let isFirst = true;

const openThread = () => socket.send({ type: 'open', conversation: current() });

// The order matters: what we missed comes first, then our own unsent texts (protocol, section 8).
async function synchronise() {
  openThread();
  await fill();
  if (socket.isReady()) tell('link:synced');
  // The list has no numbers: rows that moved before the socket was open are found by looking again.
  await Promise.all([refresh(), isFirst ? null : refreshAround()]);
  isFirst = false;
}

function listen() {
  when('link:ready', synchronise);
  when('frame:welcome', frame => drawCounts(frame.counts));
  when('frame:counts', ({ type, ...counts }) => drawCounts(counts));
  when('frame:opened', frame => frame.conversation === current() && frame.seq > known() && fill());
  when('frame:message', receive);
  when('frame:row', receiveRow);
  when('frame:presence', receivePresence);
  when('frame:pointer', pointer);
  when('frame:resync', () => { fill(); refresh(); refreshAround(); });
  when('frame:notice', ({ level, text }) => toast(text, level));
  // Suspended or given back: the page has other buttons now. Spread, because the whole team hears it at once.
  when('frame:standing', () => setTimeout(() => location.reload(), Math.random() * 2_000));
  when('frame:error', frame => frame.client_id || toast(frame.message, 'error'));
  when('sent', ({ ack }) => promote(ack));
  when('panes:shown', openThread);
  when('thread:reset', reload);
}

async function start() {
  for (const begin of [
    startMarks, startPending, startScroll, startHead, startActs, startList, startTabs, startTitle, startComposer, startTyping, startReading, startPanes, startCanned, startCorrections,
    startResolving, startShortcuts, startLinks, startBanner, startPolling, startClock, startBell, startBrowserNotifications, listen,
  ]) begin();
  startSender({ messagesUrl: conversation => `${settings.listUrl}${conversation}/messages/` });
  tell('panes:shown');
  await holdStale();
  socket.start(settings.socket);
}

start();
