// The line to the frame. One greeting is checked by origin and by window; after that everything personal
// (token, unsent texts) travels over a private MessageChannel that nobody else holds.
import { home, options } from './settings.js';

const MOST_WAITING = 50;

let port;
let waiting = [];

/** To the frame that is there. */
export const tell = (t, d) => port?.postMessage({ t, d });

/** To the frame that is there, or will be. */
export function send(t, d) {
  if (port) tell(t, d);
  else waiting = [...waiting, [t, d]].slice(-MOST_WAITING);
}

export const isConnected = () => port;

export function hangUp() {
  port?.close();
  port = null;
}

export function forgetWaiting() {
  waiting = [];
}

/** `frame` gives the window that may greet, `greeting` what it is told first, `handlers` what it may say. */
export function listen(frame, greeting, handlers) {
  addEventListener('message', ({ source, origin, data }) => {
    if (!source || source !== frame() || origin !== home || data?.mc !== 'hello') return;
    const { port1, port2 } = new MessageChannel();
    hangUp();
    port = port1;
    port.onmessage = ({ data }) => handlers[data?.t]?.(data.d);
    source.postMessage({ mc: 'port' }, home, [port2]);
    tell('init', greeting());
    waiting.forEach((message) => tell(...message));
    forgetWaiting();
  }, options);
}
