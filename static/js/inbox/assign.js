// Who gets it: a list that is asked for when the menu opens and searched on the server, however large the team is.
import { getJson } from './api.js';
import { when } from './bus.js';
import { createChoices, personOption } from './choices.js';
import { text } from './page.js';

const AFTER = 150;
const field = () => document.getElementById('assign-q');
const menu = () => document.getElementById('assign');
let timer = 0;
let asked = 0;
let choices = null;

export function startAssign() {
  choices = createChoices({
    field, list: () => document.getElementById('assign-list'), option, none: () => text('nobodyFound'), choose: give, stays: true,
  });
  document.addEventListener('toggle', event => event.target === menu() && menu().open && opened(), { capture: true });
  document.addEventListener('input', event => event.target === field() && soon());
  // An empty list has nothing to give it to: Enter must not send the form by itself.
  document.addEventListener('keydown', event => event.target === field() && event.key === 'Enter' && event.preventDefault());
  when('frame:head', () => menu()?.open && load());
}

function opened() {
  field().value = '';
  field().focus();
  load();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(load, AFTER);
}

async function load() {
  const mine = asked += 1;
  const box = document.getElementById('assign-list');
  const reply = await getJson(`${box.dataset.colleagues}&q=${encodeURIComponent(field().value.trim())}`);
  if (mine !== asked || !field()) return;
  if (!reply.ok) return complain(reply);
  choices.draw(reply.data.rows);
  document.getElementById('assign-more').hidden = !reply.data.more;
}

function complain({ status }) {
  const words = Object.assign(document.createElement('p'), { className: 'menu-none', textContent: text(status === 0 ? 'noNetwork' : 'failedHere') });
  document.getElementById('assign-list').replaceChildren(words);
}

function option(person) {
  const node = Object.assign(personOption(person, 'button'), { type: 'submit', name: 'assignee', value: person.id });
  if (person.id === menu().dataset.assignee) node.ariaCurrent = 'true';
  return node;
}

const give = (person, node) => node.form.requestSubmit(node);
