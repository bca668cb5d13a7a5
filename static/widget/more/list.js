// All conversations of the visitor, newest first, a page at a time.
import { fillRow, newRow } from '../frame/row.js';
import { word } from '../frame/words.js';
import { button, element } from './elements.js';

export function createList({ root, session, onOpen }) {
  const { api, chats } = session();
  const title = element('h2', { textContent: word('yours'), tabIndex: -1 });
  const rows = element('div', { className: 'rows' });
  const more = button(word('older'), load);
  const problem = element('p', { className: 'er', role: 'alert', hidden: true });
  const section = element('section', { className: 'sc', hidden: true }, title, rows, problem, more);
  let next = '';
  section.dataset.screen = 'list';
  root.append(section);

  async function load() {
    more.disabled = true;
    problem.hidden = true;
    try {
      const answer = await api.call('GET', `conversations/?${new URLSearchParams({ before: next })}`);
      const first = next ? rows.children.length : 0;
      if (!next) rows.replaceChildren();
      answer.rows.forEach(add);
      if (first) rows.children[first]?.focus(); // the button may be gone now
      next = answer.next;
      more.hidden = !next;
    } catch {
      problem.textContent = word('notLoaded');
      problem.hidden = false;
    } finally {
      more.disabled = false;
    }
  }

  function add(row) {
    const line = newRow(() => {
      chats.put(row);
      onOpen(row.id);
    });
    rows.append(fillRow(line, row));
  }

  return {
    show() {
      next = '';
      more.hidden = false;
      more.textContent = word('older');
      load();
    },
    focus: () => title.focus(),
  };
}
