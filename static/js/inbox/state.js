// What becomes of a reply, beside the button that sends it: the conversation is closed, or the visitor has left.
import { when } from './bus.js';
import { head } from './page.js';

export function startState() {
  // The signs of presence are drawn before (`startPresence`).
  for (const event of ['panes:shown', 'head:shown', 'head:changed', 'frame:presence']) when(event, draw);
  document.addEventListener('click', ({ target }) => target.closest('[data-reopen]') && head().querySelector('[data-close]').requestSubmit());
}

function draw() {
  const line = document.getElementById('composer-state');
  if (!line || !head()) return;
  const isClosed = head().dataset.status === 'resolved';
  const isHere = !head().querySelector('[data-presence]').hidden;
  const state = isClosed ? 'closed' : isHere ? '' : 'away';
  for (const part of line.children) part.hidden = part.dataset.when !== state;
}
