// The visitor's conversations as lines of a list: who answers, the last words, how many of them are new.
// The server's word counts; between two of its words the lines follow what is pushed.

const EVENTS = { resolved: 'resolved', ended: 'resolved', reopened: 'open' };

export function createChats({ onChange, onDoubt }) {
  const rows = new Map();
  let others = 0; // unread in conversations that we have no line of

  const sum = (lines) => lines.reduce((total, { unread }) => total + unread, 0);

  function put(row) {
    const known = rows.get(row.id);
    if (!known || known.seq <= row.seq) rows.set(row.id, row);
    onChange();
  }

  return {
    get: (id) => rows.get(id),
    list: () => [...rows.values()].sort((a, b) => (a.at < b.at ? 1 : -1)),
    unread: () => others + sum([...rows.values()]),
    put,
    learn({ conversations, unread }) {
      others = unread - sum(conversations);
      conversations.forEach(put);
    },
    clear() {
      rows.clear();
      others = 0;
      onChange();
    },

    /** A message in any of them. True: it is new. */
    note({ conversation: id, seq, position, kind, body, author, event, created_at: at }) {
      const row = rows.get(id) || { id, at, status: 'open', seq: 0, position: 0, unread: 0, marks: { seen: 0 } };
      if (seq <= row.seq) return false;
      row.seq = seq;
      if (position <= row.position) {
        onDoubt(); // an edit, perhaps of the last words
        return false;
      }
      row.position = position;
      if (event) row.status = EVENTS[event.name] || row.status;
      else Object.assign(row, { kind, text: body, at });
      if (author) {
        row.operator = author;
        row.unread += 1;
      }
      put(row);
      return true;
    },

    /** Read up to there, here or in another tab. Without a count: all of it, or the server is asked. */
    saw(id, seen, unread) {
      const row = rows.get(id);
      if (!row) return;
      const isOther = seen > row.marks.seen && unread === undefined;
      row.marks.seen = Math.max(row.marks.seen, seen);
      if (unread !== undefined) row.unread = unread;
      else if (isOther && seen >= row.position) row.unread = 0;
      else if (isOther) onDoubt();
      onChange();
    },
  };
}
