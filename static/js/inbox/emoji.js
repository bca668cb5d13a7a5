// The emoji of the composer: a module that is fetched when somebody opens it, and shared with the widget.
import { when } from './bus.js';
import { text } from './page.js';

let picker = null; // { form, ready }

export function startEmoji() {
  when('panes:shown', show);
  document.addEventListener('click', ({ target }) => target.closest('[data-emoji-open]') && openEmoji());
}

const form = () => document.getElementById('composer');

function show() {
  const button = form()?.querySelector('[data-emoji-open]');
  if (button) button.hidden = false;
}

/** False: there is nothing to write in. */
export function openEmoji() {
  const here = form();
  if (!here) return false;
  if (picker?.form !== here) picker = { form: here, ready: load(here) };
  picker.ready.then(({ open }) => open(here.querySelector('[data-emoji-open]')), () => { picker = null; });
  return true;
}

async function load(here) {
  const { emojiModule, emojiList } = here.dataset;
  const { start } = await import(emojiModule);
  const config = { emojiList, lang: document.documentElement.lang };
  const words = { emoji: text('emoji'), emojiSearch: text('emojiSearch'), emojiNone: text('emojiNone') };
  return start({ config, place: here, body: here.elements.body }, { words });
}
