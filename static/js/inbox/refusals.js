// What htmx forms (assign, take over, resolve) say when they did not go through.
import { SIGNED_OUT } from './closing.js';
import { text } from './page.js';
import { refreshAround } from './panes.js';
import { end } from './socket.js';
import { toast } from './toast.js';

export function startRefusals() {
  document.body.addEventListener('htmx:responseError', event => explain(event.detail.xhr));
  document.body.addEventListener('htmx:sendError', () => toast(text('noNetwork'), 'error'));
}

function explain(answer) {
  if (answer.status === 401) return end(SIGNED_OUT);
  toast(detailOf(answer) ?? text('failedHere'), 'error');
  if (answer.status === 409) refreshAround();
}

function detailOf(answer) {
  try {
    return JSON.parse(answer.responseText).detail || null;
  } catch {
    return null;
  }
}
