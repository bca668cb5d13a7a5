// Quick replies under the newest message that has some: a tap sends one as the visitor's own words. They are gone as
// soon as the visitor has said anything, and while nothing can be said.
import { word } from '../frame/words.js';
import { button, element } from './elements.js';

const touch = matchMedia('(pointer:coarse)');

export function createQuick({ session, body }) {
  const log = document.getElementById('log');
  const box = element('div', { className: 'quick', ariaLabel: word('quick') });
  box.setAttribute('role', 'group');

  /** Elements of the thread carry their message; what is unsent stands there too. */
  function asked() {
    const row = session().chats.get(session().thread.id);
    if (body.readOnly || (row && row.status === 'resolved')) return null;
    const last = [...log.children].reverse().find(({ message }) => message && (message.kind === 'visitor' || hasSome(message)));
    return last && hasSome(last.message) ? last : null;
  }

  const hasSome = ({ quick_replies: replies }) => Boolean(replies && replies.length);

  function send(text) {
    session().post(text, []);
    if (touch.matches) log.focus({ preventScroll: true }); // a keyboard would cover the answer
    else body.focus();
  }

  return () => {
    const place = asked();
    if (!place) return box.remove();
    if (place.contains(box)) return; // they never change
    box.replaceChildren(...place.message.quick_replies.map((text) => button(text, () => send(text))));
    (place.querySelector('.col') || place).append(box);
  };
}
