// "Received" and "read". Read means seen: panel open, page visible, end of the thread in view.
// The other tabs of this visitor hear of it directly, so that their badges agree.

const REST_MS = 200;

export function createMarks({ key, thread, send, canRead, onUnread }) {
  let timer = 0;
  let read = 0;
  let sent = { got: 0, read: 0 };
  let told = null; // how many the server holds for unread, and up to which number it counted
  let shownUnread = 0;
  const tabs = openChannel(`minichat:${key}`);

  if (tabs) {
    tabs.onmessage = ({ data }) => {
      if (!data || data.conversation !== thread.id) return;
      read = Math.max(read, Number(data.read) || 0);
      update();
    };
  }

  function update() {
    if (!timer) timer = setTimeout(work, REST_MS);
  }

  function work() {
    timer = 0;
    const theirs = thread.theirs();
    const last = theirs[theirs.length - 1];
    if (told && thread.isLoaded && !thread.isBehind()) believe(theirs);
    if (last && canRead() && last.position > read) {
      read = last.position;
      if (tabs) tabs.postMessage({ conversation: thread.id, read });
    }
    report(theirs.filter((message) => message.position > read).length);
    if (last && !thread.isBehind()) tell(last);
  }

  /** The server counts, we need a place: what is left after so many unread ones has been read before. */
  function believe(theirs) {
    const counted = theirs.filter((message) => message.seq <= told.seq);
    const lastRead = counted[counted.length - 1 - told.unread];
    if (lastRead) read = Math.max(read, lastRead.position);
    sent = { got: Math.max(sent.got, read), read: Math.max(sent.read, lastRead ? lastRead.position : 0) };
    told = null;
  }

  function report(unread) {
    if (unread === shownUnread) return;
    shownUnread = unread;
    onUnread(unread);
  }

  function tell({ position }) {
    const news = {};
    if (position > sent.got) news.got = position;
    if (position <= read && position > sent.read) news.read = position;
    if (news.got || news.read) send(news, (accepted) => Object.assign(sent, accepted));
  }

  return {
    update,
    expect(unread, seq) {
      told = { unread, seq };
      update();
    },
    /** The line was lost or too busy, and perhaps what we said last. */
    repeat() {
      sent = { got: 0, read: 0 };
    },
    reset() {
      told = null;
      read = 0;
      sent = { got: 0, read: 0 };
      update();
    },
  };
}

function openChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null; // refused where storage is refused
  }
}
