// Every page of the dashboard but the inbox, which has a socket of its own: the same socket, for the bell and the numbers.
import { drawCounts } from '../inbox/counts.js';
import { when } from '../inbox/bus.js';
import * as socket from '../inbox/socket.js';
import { bell, startBell } from './bell.js';
import { startAlerts } from './alerts.js';
import { startBrowserNotifications } from './browser.js';
import { startViews } from './views.js';
import { startVisitors } from './visitors.js';

if (bell) {
  when('frame:welcome', frame => drawNumbers(frame.counts));
  when('frame:counts', ({ type, ...counts }) => drawNumbers(counts));
  startBell();
  startBrowserNotifications();
  startAlerts();
  startVisitors();
  startViews();
  socket.start(bell.dataset.socket);
}

// The sidebar says nothing rather than "0".
function drawNumbers(counts) {
  drawCounts(counts);
  for (const slot of document.querySelectorAll('.nav [data-count]')) if (slot.textContent === '0') slot.textContent = '';
}
