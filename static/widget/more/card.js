// Cards under a message: a title, a few lines, a price, and one link. Text of people, drawn as text.
import { element } from './elements.js';
import { link } from './rich.js';

export function createCards() {
  const log = document.getElementById('log');

  function draw(article) {
    const { card, body } = article.message;
    const drawn = article.querySelector('.crd');
    if (!card) return drawn && drawn.remove();
    const words = article.querySelector('.b');
    words.hidden = body === card.title; // a card alone is told by its title where cards are not drawn
    if (!drawn) words.after(build(card));
  }

  // Elements of the thread carry their message.
  return () => [...log.children].forEach((article) => article.message && draw(article));
}

function build({ title, lines, price, label, url }) {
  const card = element('div', { className: 'crd', dir: 'auto' }, element('b', { textContent: title }));
  card.append(...lines.map((textContent) => element('p', { textContent })));
  if (price) card.append(element('p', { className: 'price', textContent: price }));
  if (/^https:/i.test(url)) card.append(Object.assign(link(url, label), { className: 'plain' }));
  return card;
}
