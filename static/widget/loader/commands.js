// window.MiniChat(command, …): takes over the calls queued before the loader came, and the page's own
// elements: <a data-minichat="open">, <button data-minichat="ask" data-minichat-text="…">.

const FROM_ELEMENTS = ['open', 'close', 'toggle', 'message', 'ask'];

export function installCommands({ signal, events, isOpen, commands }) {
  let isReady = false;
  const queued = (window.MiniChat && window.MiniChat.q) || [];
  const table = new Map(Object.entries(commands));
  table.set('off', events.off);
  table.set('on', (name, listener) => {
    events.on(name, listener);
    if (name === 'ready' && isReady) listener();
  });

  function run(command, ...args) {
    const action = table.get(command);
    if (!action) console.warn('MiniChat: unknown command', command);
    else action(...args);
  }

  run.v = 1;
  run.is = (name) => (name === 'open' ? isOpen() : name === 'ready');
  window.MiniChat = run;

  document.addEventListener('click', (event) => {
    const trigger = event.target.closest('[data-minichat]');
    if (!trigger) return;
    const command = trigger.dataset.minichat || 'open';
    if (!FROM_ELEMENTS.includes(command)) return;
    event.preventDefault();
    run(command, trigger.dataset.minichatText);
  }, { signal });

  for (const call of queued) run(...call);
  isReady = true;
  events.emit('ready');
}
