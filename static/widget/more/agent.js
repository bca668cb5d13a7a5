// What the assistant says: told apart from people, with its sources; and the way to a person, while it answers.
import { word } from '../frame/words.js';
import { element } from './elements.js';
import { link } from './rich.js';

// People have it once somebody joined, was asked for, or spoke.
const isTurn = ({ kind, event }) => /ai|op/.test(kind) || (event && /^(jo|ha)/.test(event.name));

export function createAgent({ session, root, body }) {
  const typing = document.getElementById('typing');
  const last = () => [...session().thread.messages()].reverse().find(isTurn);
  let draft;
  const way = root.querySelector('[data-tool=more]');

  return {
    /** In the visitor's own words: they stand in the conversation, and arrive like any others. */
    open() {
      session().post(word('person'), []);
      body.focus();
    },
    /** What it has written so far: to be seen, never read aloud, and gone as soon as there is an answer or a person. */
    words({ conversation, position, text }) {
      if (conversation !== session().thread.id || last()?.position > position) return;
      typing.hidden = true;
      if (!draft) draft = element('div', { className: 'm op ai', ariaHidden: true }, element('span', { className: 'av', textContent: 'AI' }), element('div', { className: 'b' }));
      draft.lastChild.textContent = text;
      draft.at = position;
      if (!draft.isConnected) typing.before(draft);
    },
    drawn() {
      const turn = last();
      if (way) way.hidden = Boolean(turn) && turn.kind !== 'ai';
      if (draft && turn?.position > draft.at) draft.remove();
    },
  };
}

export function cited(words, { sources }) {
  const article = words.closest('.m');
  article.classList.add('ai');
  article.querySelector('.src')?.remove();
  if (sources.length) words.after(element('div', { className: 'src' }, ...sources.map(cite)));
}

/** To the page it stands on; where there is none, the passage itself. */
function cite({ title, url, page, quote }, at) {
  const textContent = `${at + 1} ${title}${page ? `, ${word('page', { page })}` : ''}`;
  if (/^https?:/i.test(url)) return Object.assign(link(url, textContent), { className: 'cite' });
  return element('details', { className: 'cite' }, element('summary', { textContent }), element('q', { textContent: quote }));
}
