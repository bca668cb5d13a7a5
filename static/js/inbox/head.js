// The thread's header as the server has it now.
import { tell, when } from './bus.js';
import { element, morph } from './html.js';
import { current, head, settings } from './page.js';

export function startHead() {
  when('frame:head', frame => showHead(frame.html));
  when('head:changed', dress);
  when('panes:shown', dress);
}

export function showHead(html) {
  const fresh = element(html);
  if (!head() || fresh?.dataset.conversation !== current()) return;
  const hadFocus = head().contains(document.activeElement);
  morph(head(), fresh);
  dress();
  tell('head:shown');
  if (hadFocus && document.activeElement === document.body) head().querySelector('button, summary')?.focus();
}

// A push is rendered for a colleague who can answer.
function dress() {
  if (!settings.canReply) head()?.querySelector('.head-acts')?.remove();
}
