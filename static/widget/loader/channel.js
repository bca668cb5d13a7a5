// The line to the frame. One greeting is checked by origin and by window; after that everything personal
// (token, unsent texts) travels over a private MessageChannel that nobody else holds.

export function createChannel({ origin, signal, frameWindow, greeting, handlers }) {
  let port = null;
  let waiting = [];

  function send(type, data) {
    if (port) port.postMessage({ t: type, d: data });
    else waiting.push([type, data]);
  }

  function receive({ data }) {
    // A Map, not an object: a type such as "constructor" must find nothing.
    const handler = data && handlers.get(data.t);
    if (handler) handler(data.d);
  }

  function greet(event) {
    const frame = frameWindow();
    if (!frame || event.source !== frame || event.origin !== origin) return;
    if (!event.data || event.data.mc !== 'hello') return;
    const { port1, port2 } = new MessageChannel();
    reset();
    port = port1;
    port.onmessage = receive;
    frame.postMessage({ mc: 'port' }, origin, [port2]);
    send('init', greeting());
    waiting.splice(0).forEach((message) => send(...message));
  }

  function reset() {
    if (port) port.close();
    port = null;
  }

  window.addEventListener('message', greet, { signal });
  return { send, reset, isOpen: () => port !== null, clear: () => { waiting = []; } };
}
