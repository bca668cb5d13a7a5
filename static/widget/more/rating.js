// How was it? One tap once a conversation is closed, words if one likes, and a day to think again.
// Asked above the composer. Whoever writes on is not asked.
import { word } from '../frame/words.js';
import { button, element } from './elements.js';

const BEST = 5;
const DAY_MS = 86_400_000;
const STAR = 'm12 2 3 7 7 .6-5.400 4.700 1.700 7.200-6.300-4-6.300 4 1.700-7.200L2 9.600 9 9z';
const touch = matchMedia('(pointer:coarse)');
const SVG = 'http://www.w3.org/2000/svg';

export function createRating({ place, form, session, host }) {
  const title = element('p', { id: 'rate-title', role: 'status' });
  const stars = element('div', { className: 'stars', role: 'radiogroup' });
  const comment = element('textarea', { rows: 2, maxLength: 500, placeholder: word('whyThat'), ariaLabel: word('whyThat') });
  const send = button(word('sendRating'), () => say(chosen, comment.value));
  const more = element('div', { className: 'why', hidden: true }, comment, send);
  const status = element('p', { className: 'er', role: 'alert' });
  const box = element('div', { className: 'rate', hidden: true }, title, stars, more, status);
  let row = null;
  let chosen = 0;
  stars.setAttribute('aria-labelledby', title.id);
  stars.append(...Array.from({ length: BEST }, (_, at) => star(at + 1)));
  stars.addEventListener('keydown', step);
  place.insertBefore(box, form);

  function star(n) {
    const sign = document.createElementNS(SVG, 'svg');
    const path = document.createElementNS(SVG, 'path');
    sign.setAttribute('viewBox', '0 0 24 24');
    path.setAttribute('d', STAR);
    sign.append(path);
    const one = element('button', { type: 'button', ariaLabel: word('stars', { n }), onclick: () => say(n, '') }, sign);
    one.setAttribute('role', 'radio');
    return one;
  }

  /** Arrow keys go along; Space or Enter chooses, so that nobody rates by looking through them. */
  function step(event) {
    const move = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    const all = [...stars.children];
    const next = all[(all.indexOf(document.activeElement) + move + BEST) % BEST];
    all.forEach((one) => { one.tabIndex = one === next ? 0 : -1; });
    next.focus();
  }

  async function say(rating, words) {
    const { id } = row;
    status.textContent = '';
    try {
      await session().api.call('POST', `conversations/${id}/rating/`, { rating, comment: words });
    } catch (error) {
      status.textContent = error.message || word('notLoaded');
      return;
    }
    Object.assign(session().chats.get(id), { rating, comment: words, rated_at: new Date().toISOString() });
    host.send('rating', { rating, comment: words });
    draw(session().chats.get(id));
    if (words) more.hidden = true;
    // A touch keyboard would cover the stars that were just given.
    (words || touch.matches ? stars.children[rating - 1] : comment).focus();
  }

  function draw(chat) {
    const isOther = !row || !chat || row.id !== chat.id;
    row = chat;
    const isOver = chat && chat.rated_at && Date.now() - new Date(chat.rated_at) > DAY_MS;
    box.hidden = !chat || chat.status !== 'resolved' || Boolean(isOver);
    if (box.hidden) return;
    chosen = chat.rating || 0;
    const sentence = word(chosen ? 'thanks' : 'howWasIt');
    if (title.textContent !== sentence) title.textContent = sentence; // it is spoken each time
    more.hidden = !chosen || (isOther && Boolean(chat.comment));
    if (isOther) comment.value = chat.comment || '';
    [...stars.children].forEach((one, at) => {
      one.setAttribute('aria-checked', String(at + 1 === chosen));
      one.classList.toggle('on', at < chosen);
      one.tabIndex = at + 1 === (chosen || 1) ? 0 : -1;
    });
  }

  return draw;
}
