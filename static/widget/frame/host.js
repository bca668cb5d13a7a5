// The line to the page around us. The greeting names the exact origin the server has checked; the answer is
// taken only from that window and that origin. All later traffic runs over the port.

export function connectHost({ origin, handlers }) {
  let port = null;

  function receive({ data }) {
    const handler = data && handlers.get(data.t);
    if (handler) handler(data.d);
  }

  function answer(event) {
    if (event.source !== window.parent || event.origin !== origin) return;
    if (!event.data || event.data.mc !== 'port' || !event.ports[0]) return;
    window.removeEventListener('message', answer);
    [port] = event.ports;
    port.onmessage = receive;
  }

  window.addEventListener('message', answer);
  window.parent.postMessage({ mc: 'hello' }, origin);

  return {
    send(type, data) {
      if (port) port.postMessage({ t: type, d: data });
    },
  };
}
