// What the server pushes. Pushes may be late, doubled or lost: rows go in by id, and a hole is filled.

export function createInbound({ thread, delivery, typing, view, host, session }) {
  function onMessage({ seq, prev, message }) {
    session.adopt(message.conversation);
    const isNew = !thread.has(message.id);
    thread.note(seq, prev);
    thread.put(message);
    if (message.client_id) delivery.answer({ ...message, type: 'ack' }); // pushed means committed, as well
    if (message.kind === 'operator') typing.stop();
    session.changed();
    if (isNew) view.incoming(message);
    fillHole();
  }

  function onConversation({ conversation, seq, prev }) {
    session.adopt(conversation);
    thread.note(seq, prev);
    fillHole();
  }

  function fillHole() {
    if (!thread.isLoaded || thread.isBehind()) session.fill();
  }

  function onMarks(frame) {
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
    ['online', view.team],
    ['resync', session.fill],
  ]);

  return (frame) => {
    const handler = handlers.get(frame.type);
    if (handler) handler(frame);
  };
}
