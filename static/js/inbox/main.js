// The inbox: every module is one behaviour; this file only says who gets which frame, and in which order.
import { startActs } from './acts.js';
import { startAssign } from './assign.js';
import { startAttach } from './attach.js';
import { startBanner } from './banner.js';
import { startAlerts } from '../live/alerts.js';
import { startBell } from '../live/bell.js';
import { startBlocking } from './blocking.js';
import { startBrowserNotifications } from '../live/browser.js';
import { tell, when } from './bus.js';
import { startCanned } from './canned.js';
import { startCard } from './card.js';
import { startClock } from './clock.js';
import { startColleagues } from './colleagues.js';
import { startComposer } from './composer.js';
import { startState } from './state.js';
import { startCorrections } from './corrections.js';
import { drawCounts } from './counts.js';
import { startDetails } from './details.js';
import { startDrafts } from './drafts.js';
import { startEmoji } from './emoji.js';
import { isBehind, startHead } from './head.js';
import { startLabels } from './labels.js';
import { startLinks } from './links.js';
import { receiveRow, refresh, startList } from './list.js';
import { startMarks } from './marks.js';
import { startMentions } from './mentions.js';
import { current, settings, text } from './page.js';
import { go, refreshAround, reload, startPanes } from './panes.js';
import { startPending } from './pending.js';
import { startPicker } from './picker.js';
import { startPicking } from './picking.js';
import { startPolling } from './polling.js';
import { startPress } from './press.js';
import { startPresence } from './presence.js';
import { startQuick } from './quick.js';
import { startReading } from './reading.js';
import { startResolving } from './resolving.js';
import { startScroll } from './scroll.js';
import { startSearch } from './search.js';
import { holdStale, startSender } from './sender.js';
import { startShortcuts } from './shortcuts.js';
import * as socket from './socket.js';
import { startSuggestion } from './suggestion.js';
import { startTabs } from './tabs.js';
import { fill, known, promote, receive } from './thread.js';
import { startTitle } from './title.js';
import { toast } from './toast.js';
import { startTyping } from './typing.js';
import { pointer } from './unread.js';
import { startViewer } from './viewer.js';
import { startViewCounts } from './view-counts.js';
import { startWanted } from './wanted.js';
import { startViews } from '../live/views.js';

// A page that was drawn so short a time ago has everything; `opened` says if something has come since.
const FRESH_MS = 10_000;
let isFirst = true;

const openThread = () => socket.send({ type: 'open', conversation: current() });

// The order matters: what we missed comes first, then our own unsent texts (protocol, section 8).
async function synchronise() {
  openThread();
  if (!isFirst || performance.now() > FRESH_MS) await fill();
  if (socket.isReady()) tell('link:synced');
  // The list has no numbers: rows that moved before the socket was open are found by looking again.
  await Promise.all([refresh(), isFirst ? null : refreshAround()]);
  isFirst = false;
}

/** Who sees which inbox has changed: rows of others leave the list, and the thread that is open if it is one of them. */
function accessMoved({ closed }) {
  refresh({ afresh: true });
  if (!closed || closed !== current()) return;
  go(settings.listUrl);
  toast(text('shutOut'), 'error');
}

function listen() {
  when('link:ready', synchronise);
  when('frame:welcome', frame => drawCounts(frame.counts));
  when('frame:counts', ({ type, ...counts }) => drawCounts(counts));
  when('frame:opened', frame => frame.conversation === current() && frame.seq > known() && fill());
  when('frame:message', receive);
  when('frame:row', receiveRow);
  when('frame:pointer', pointer);
  when('frame:resync', () => { fill(); refresh(); refreshAround(); });
  when('frame:notice', ({ level, text }) => toast(text, level));
  // Suspended or given back: the page has other buttons now. Spread, because the whole team hears it at once.
  when('frame:standing', () => setTimeout(() => location.reload(), Math.random() * 2_000));
  when('frame:access', accessMoved);
  when('frame:error', frame => frame.client_id || toast(frame.message, 'error'));
  when('sent', ({ ack }) => promote(ack));
  when('panes:shown', openThread);
  when('thread:reset', reload);
  when('thread:filled', () => isBehind() && refreshAround());
  // A notification of the browser was tapped: the conversation opens here, without loading the page anew.
  document.addEventListener('minichat:go', event => {
    if (!new URL(event.detail, location.href).pathname.startsWith(settings.listUrl)) return;
    event.preventDefault();
    go(event.detail);
  });
}

async function start() {
  for (const begin of [
    startBlocking, startViewCounts, startViews, startPresence,
    startMarks, startPending, startScroll, startHead, startActs, startAssign, startColleagues, startPicking, startPicker, startLabels, startWanted, startList, startTabs, startTitle, startAttach, startDrafts, startComposer, startSuggestion, startQuick, startCard, startEmoji, startMentions, startViewer, startTyping, startReading, startPanes, startCanned, startCorrections,
    startDetails, startState, startAlerts,
    startResolving, startSearch, startShortcuts, startLinks, startBanner, startPolling, startPress, startClock, startBell, startBrowserNotifications, listen,
  ]) begin();
  startSender({ messagesUrl: conversation => `${settings.listUrl}${conversation}/messages/` });
  tell('panes:shown');
  await holdStale();
  socket.start(settings.socket);
}

start();
