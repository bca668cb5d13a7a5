// What the server pushes. Pushes may be late, doubled or lost: rows go in by id, and a hole is filled.

export function createInbound({ thread, chats, delivery, typing, view, host, session }) {
  function onMessage({ seq, prev, message }) {
    if (message.client_id) delivery.answer({ ...message, type: 'ack' }); // pushed means committed, as well
    const isNews = chats.note(message) && !thread.has(message.id);
    if (!thread.id && !thread.fresh) session.adopt(message.conversation);
    const isOpen = message.conversation === thread.id;
    if (isOpen) {
      thread.note(seq, prev);
      thread.put(message);
      if (message.kind !== 'visitor') typing.stop();
      session.changed();
    }
    if (isNews) view.incoming(message, isOpen);
    if (isOpen) fillHole();
  }

  function onConversation({ conversation, seq, prev }) {
    if (conversation !== thread.id) return;
    thread.note(seq, prev);
    fillHole();
  }

  function fillHole() {
    if (!thread.isLoaded || thread.isBehind()) session.fill();
  }

  function onMarks(frame) {
    chats.saw(frame.conversation, frame.seen);
    if (frame.conversation !== thread.id) return;
    thread.mark(frame);
    session.changed();
  }

  function onTyping({ conversation, name }) {
    if (conversation === thread.id) typing.heard(name);
  }

  function onSlowDown(frame) {
    if (frame.client_id) delivery.answer(frame);
    else session.repeatMarks(frame.retry_after);
  }

  function onError(frame) {
    if (frame.code === 'unknown_visitor') session.forget();
    else if (frame.client_id) delivery.answer(frame);
    else host.send('error', { code: frame.code });
  }

  const handlers = new Map([
    ['welcome', session.welcome],
    ['ack', delivery.answer],
    ['slow_down', onSlowDown],
    ['error', onError],
    ['message', onMessage],
    ['conversation', onConversation],
    ['marks', onMarks],
    ['typing', onTyping],
    ['words', view.words],
    ['online', view.team],
    ['resync', session.resync],
  ]);

  return (frame) => {
    const handler = handlers.get(frame.type);
    if (handler) handler(frame);
  };
}
