// The thread's header as the server has it now.
import { when } from './bus.js';
import { element, morph } from './html.js';
import { current, head, settings } from './page.js';

export function startHead() {
  when('frame:head', receive);
  when('head:changed', dress);
  when('panes:shown', dress);
  document.body.addEventListener('htmx:afterSwap', dress);
}

function receive({ conversation, html }) {
  if (conversation !== current() || !head()) return;
  morph(head(), element(html));
  globalThis.htmx?.process(head());
  dress();
}

function dress() {
  // A push is rendered for a colleague who can answer.
  if (!settings.canReply) head()?.querySelector('.head-acts')?.remove();
}
