// "Received" and "read". Read means seen: panel open, page visible, end of the thread in view.

const REST_MS = 200;

export function createMarks({ thread, chats, send, canRead }) {
  let timer = 0;
  let read = 0;
  let sent = { got: 0, read: 0 };

  /** What is in view now is read, however soon the visitor goes on; what comes while the timer runs is not. */
  function update() {
    const last = canRead() && thread.theirs().pop();
    if (last) read = Math.max(read, last.position);
    if (!timer) timer = setTimeout(work, REST_MS);
  }

  function work() {
    timer = 0;
    const theirs = thread.theirs();
    const last = theirs[theirs.length - 1];
    const row = chats.get(thread.id);
    if (row) read = Math.max(read, row.marks.seen); // another tab may have read it
    if (thread.isLoaded) chats.saw(thread.id, read, theirs.filter((message) => message.position > read).length);
    if (last && !thread.isBehind()) tell(last);
  }

  function tell({ position }) {
    const news = {};
    if (position > sent.got) news.got = position;
    if (read > sent.read) news.read = Math.min(read, position);
    if (news.got || news.read) send(news, (accepted) => Object.assign(sent, accepted));
  }

  return {
    update,
    /** The line was lost or too busy, and perhaps what we said last. */
    repeat() {
      sent = { got: 0, read: 0 };
    },
    /** Another thread: what the server holds for seen has been told. */
    reset() {
      const row = chats.get(thread.id);
      read = row ? row.marks.seen : 0;
      sent = { got: read, read };
      update();
    },
  };
}
