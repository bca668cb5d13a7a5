// "@" in a note offers the colleagues who may read it. In a reply it is a letter like any other.
import { getJson } from './api.js';
import { createChoices, personOption, type } from './choices.js';
import { mentionsOf, put } from './drafts.js';
import { settings, text } from './page.js';

const AFTER = 120;
const MOST = 50;
// Not inside a word: an address has an @, too. Names have spaces in them.
const CALL = /(?:^|[^\w.@-])@([^@\n]{0,40})$/;
const inEdit = new Map(); // message: whom its open edit names in addition
let asked = 0;
let timer = 0;

export function startMentions() {
  offer({
    field: () => document.querySelector('#composer.is-note #composer-text'),
    list: () => document.getElementById('mentions'),
    named: () => mentionsOf(true),
    name: person => put(true, document.getElementById('composer-text').value, [...mentionsOf(true), person].slice(-MOST)),
  });
  offer({
    field: () => document.querySelector('.msg-note [data-edit-text]'),
    list: () => document.querySelector('.msg-note [data-edit-form] [role=listbox]'),
    named: () => inEdit.get(editedId()) ?? [],
    name: person => inEdit.set(editedId(), [...(inEdit.get(editedId()) ?? []), person].slice(-MOST)),
  });
}

const editedId = () => document.querySelector('.msg-note [data-edit-text]').closest('article').id;

/** The ids of those of `people` whose name still stands in the text. */
export const idsIn = (body, people) => [...new Set(people.filter(({ name }) => body.includes(`@${name}`)).map(({ id }) => id))];

export const editNames = (node, body) => idsIn(body, inEdit.get(node.id) ?? []);

function offer({ field, list, named, name }) {
  const choices = createChoices({ field, list, option: person => personOption(person), none: () => text('nobodyFound'), count, choose });

  document.addEventListener('input', event => event.target === field() && called());

  const query = () => {
    const words = CALL.exec(field()?.value.slice(0, field().selectionStart) ?? '')?.[1];
    const isDone = named().some(person => words?.startsWith(person.name));
    return isDone ? undefined : words;
  };

  function called() {
    clearTimeout(timer);
    if (query() === undefined) choices.close();
    else timer = setTimeout(ask, AFTER);
  }

  async function ask() {
    const words = query();
    if (words === undefined) return choices.close();
    const mine = asked += 1;
    const reply = await getJson(`${address()}&q=${encodeURIComponent(words.trim())}`);
    if (mine !== asked || query() !== words) return;
    // A sentence goes on behind the sign: nobody was meant.
    if (!reply.ok || (!reply.data.rows.length && /\s/.test(words))) choices.close();
    else choices.draw(reply.data.rows);
  }

  function choose(person) {
    const end = field().selectionStart;
    const begin = end - query().length - 1;
    choices.close();
    name({ id: person.id, name: person.name });
    type(field(), begin, end, `@${person.name} `);
  }

  function count(n) {
    const status = document.getElementById('slash-count');
    if (status) status.textContent = n === null ? '' : n ? text('cannedFound', { n }) : text('nobodyFound');
  }
}

const address = () => `${settings.listUrl}${document.getElementById('composer').dataset.conversation}/colleagues/?to=mention`;

/** My own name stands out. */
export function markMine(root) {
  for (const chip of root.querySelectorAll(`.mention[data-member="${settings.member.id}"]`)) chip.classList.add('is-me');
}
