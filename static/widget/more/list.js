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
  const lines = new Map();
  let next = '';
  section.dataset.screen = 'list';
  root.append(section);

  async function load() {
    more.disabled = true;
    problem.hidden = true;
    try {
      const answer = await api.call('GET', `conversations/?${new URLSearchParams({ before: next })}`);
      const before = next ? [...rows.children] : [];
      const after = [...new Set([...before, ...answer.rows.map(lineOf)])];
      // Only what has moved is moved: what has the focus or a finger on it keeps it.
      after.forEach((line, at) => rows.children[at] !== line && rows.insertBefore(line, rows.children[at] || null));
      while (rows.children.length > after.length) rows.lastElementChild.remove();
      if (before[0]) after[before.length]?.focus(); // the button may be gone now
      next = answer.next;
      more.hidden = !next;
    } catch {
      problem.textContent = word('notLoaded');
      problem.hidden = false;
    } finally {
      more.disabled = false;
    }
  }

  function lineOf(row) {
    const line = lines.get(row.id) || newRow(() => {
      chats.put(line.row);
      onOpen(row.id);
    });
    lines.set(row.id, line);
    line.row = row;
    return fillRow(line, row);
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
