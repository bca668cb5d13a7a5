// Home: a way to begin, and the conversations there are. The rest of them are a screen of their own.
import { fillRow, newRow } from './row.js';

const MOST = 3;

export function createHome({ list, all, onOpen }) {
  const rows = new Map();

  function elementOf(row) {
    if (!rows.has(row.id)) rows.set(row.id, newRow(() => onOpen(row.id)));
    return fillRow(rows.get(row.id), row);
  }

  return {
    draw(chats) {
      const shown = chats.slice(0, MOST).map(elementOf);
      // Only what has moved is moved: whatever has the focus keeps it.
      shown.forEach((element, at) => list.children[at] !== element && list.insertBefore(element, list.children[at] || null));
      while (list.children.length > shown.length) list.lastElementChild.remove();
      all.hidden = chats.length <= MOST;
    },
  };
}
