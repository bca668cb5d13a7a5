// Events for the page: MiniChat('on', 'open', fn), and minichat:open on window for pages that came first.

export function createEvents() {
  const listeners = new Map();

  function on(name, listener) {
    if (typeof listener !== 'function') return;
    if (!listeners.has(name)) listeners.set(name, new Set());
    listeners.get(name).add(listener);
  }

  function off(name, listener) {
    const set = listeners.get(name);
    if (set) set.delete(listener);
  }

  function emit(name, detail) {
    for (const listener of [...(listeners.get(name) || [])]) {
      try {
        listener(detail);
      } catch (error) {
        setTimeout(() => { throw error; }); // the page's own error: report it, but keep the chat going
      }
    }
    window.dispatchEvent(new CustomEvent(`minichat:${name}`, { detail }));
  }

  return { on, off, emit };
}
