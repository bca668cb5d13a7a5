// The thread's header as the server has it now. Whatever changes it is an event in the thread, with the next position.
import { tell, when } from './bus.js';
import { element, morph } from './html.js';
import { current, head, log, settings } from './page.js';

export function startHead() {
  when('frame:head', frame => showHead(frame.html));
  when('head:changed', dress);
  when('panes:shown', dress);
}

const positionOf = element => Number(element?.dataset.position);

/** Drawn before the one that is shown: an answer that was overtaken by the push about a later change. */
export const isLateHead = fresh => positionOf(fresh) < positionOf(head());

/** The thread has an event that this header knows nothing of: it happened while the thread was on its way here. */
export const isBehind = () => positionOf([...(log()?.querySelectorAll('.event[data-position]') ?? [])].at(-1)) > positionOf(head());

export function showHead(html) {
  const fresh = element(html);
  if (!head() || fresh?.dataset.conversation !== current() || isLateHead(fresh)) return;
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
