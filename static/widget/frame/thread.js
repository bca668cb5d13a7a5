// What we know of the conversation, and how far. Rows are inserted or replaced by id; `cursor` is the newest
// number up to which nothing is missing, `newest` the highest we have heard of.

export function createThread() {
  let rows = new Map();
  let sorted = null;
  let cursor = 0;
  let newest = 0;
  let marks = { delivered: 0, read: 0 };
  let hasOlder = false;

  function put(message) {
    const known = rows.get(message.id);
    if (known && known.seq > message.seq) return; // a late push brings an older state
    rows.set(message.id, message);
    sorted = null;
  }

  const self = {
    id: null,
    fresh: '', // the name of a new conversation until it has an id
    isLoaded: false,

    reset(id, fresh = '') {
      this.id = id;
      this.fresh = fresh;
      this.isLoaded = false;
      rows = new Map();
      sorted = null;
      cursor = 0;
      newest = 0;
      marks = { delivered: 0, read: 0 };
      hasOlder = false;
    },

    put,
    /** Whether an unsent text is of this thread. */
    holds: ({ conversation, fresh }) => (conversation ? conversation === self.id : !self.id && (fresh || '') === self.fresh),
    has: (id) => rows.has(id),

    /** A numbered push. It moves the cursor only where it joins on: a hole stays visible. */
    note(seq, prev) {
      newest = Math.max(newest, seq);
      if (prev <= cursor) cursor = Math.max(cursor, seq);
    },
    expect(seq) {
      newest = Math.max(newest, seq);
    },
    isBehind: () => newest > cursor,
    cursor: () => cursor,

    /** An answer of `changes`: complete up to its number. */
    fill(answer) {
      answer.rows.forEach(put);
      cursor = Math.max(cursor, answer.seq);
      newest = Math.max(newest, cursor);
      this.mark(answer.marks);
    },
    /** Asked and found nothing more: what we heard of does not concern us. */
    settle() {
      newest = cursor;
    },
    prepend(answer) {
      answer.rows.forEach(put);
      hasOlder = answer.has_more;
    },
    hasOlder: () => hasOlder,
    setOlder(value) {
      hasOlder = value;
    },

    mark({ delivered, read }) {
      marks = { delivered: Math.max(marks.delivered, delivered), read: Math.max(marks.read, read) };
    },
    stateOf({ position }) {
      if (position <= marks.read) return 'read';
      return position <= marks.delivered ? 'delivered' : 'stored';
    },

    messages() {
      if (!sorted) sorted = [...rows.values()].sort((a, b) => a.position - b.position);
      return sorted;
    },
    theirs() {
      return this.messages().filter(isTheirs);
    },
  };
  return self;
}

export function isTheirs(message) {
  return message.kind !== 'visitor' && message.kind !== 'event' && !message.deleted_at;
}
