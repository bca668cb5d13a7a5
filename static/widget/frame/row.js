// One conversation as a line: a face, a name, the last words, when, and how many are new.
import { lately } from './dates.js';
import { clone, dress } from './message.js';
import { word } from './words.js';

export function newRow(onOpen) {
  const element = clone('t-chat');
  element.addEventListener('click', onOpen);
  return element;
}

export function fillRow(element, { operator, kind, text, at, unread, status }) {
  const [face, words, end] = element.children;
  const [name, last] = words.children;
  const [time, count, spoken] = end.children;
  const who = operator || { name: word('team'), initials: '' };
  dress(face, { ...who, initials: who.initials || who.name.slice(0, 1) });
  name.textContent = who.name + (status === 'resolved' ? ` · ${word('done')}` : '');
  last.textContent = kind === 'visitor' ? `${word('you')} ${text}` : text || word('deleted');
  time.dateTime = at;
  time.textContent = lately(at);
  count.textContent = unread > 9 ? '9+' : unread;
  count.hidden = !unread;
  spoken.textContent = unread ? word(unread === 1 ? 'oneNew' : 'manyNew', { n: unread }) : '';
  return element;
}
