// "Received" and "read". Read means seen: panel open, page visible, end of the thread in view.
// The other tabs of this visitor hear of it directly, so that their badges agree.

const REST_MS = 200;

export function createMarks({ key, thread, send, canRead, onUnread }) {
  let timer = 0;
  let read = 0;
  let sent = { got: 0, read: 0 };
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
    if (last && canRead() && last.position > read) {
      read = last.position;
      if (tabs) tabs.postMessage({ conversation: thread.id, read });
    }
    report(theirs.filter((message) => message.position > read && !message.read_at).length);
    if (last && !thread.isBehind()) tell(last);
  }

  function report(unread) {
    if (unread === shownUnread) return;
    shownUnread = unread;
    onUnread(unread);
  }

  function tell({ position, delivered_at: delivered, read_at: seen }) {
    const news = {};
    if (!delivered && position > sent.got) news.got = position;
    if (!seen && position <= read && position > sent.read) news.read = position;
    if (news.got || news.read) send(news, (told) => Object.assign(sent, told));
  }

  return {
    update,
    unread: () => shownUnread,
    /** The line was lost, and perhaps what we said last. */
    repeat() {
      sent = { got: 0, read: 0 };
    },
    reset() {
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
