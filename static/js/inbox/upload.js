// One file on its way to our server. `fetch` does not tell how far it is, so this is the older way.
import { token } from './api.js';
import { SIGNED_OUT } from './closing.js';
import { text } from './page.js';
import { end } from './socket.js';

/** `done` becomes {file} or {problem}. The id makes a second try of the same file the same file. */
export function send(url, { id, blob, name }, onProgress) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append('client_id', id);
  form.append('file', blob, name);
  const done = new Promise(resolve => {
    request.upload.onprogress = event => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => resolve(understood(request));
    request.onerror = request.ontimeout = () => resolve({ problem: text('noNetwork') });
    request.onabort = () => resolve({});
  });
  request.open('POST', url);
  request.responseType = 'json';
  request.setRequestHeader('Accept', 'application/json');
  request.setRequestHeader('X-CSRFToken', token());
  request.send(form);
  return { done, abort: () => request.abort() };
}

function understood({ status, response }) {
  if (status === 401) end(SIGNED_OUT);
  if (status === 200 || status === 201) return { file: response };
  return { problem: response?.detail || text('failedHere') };
}
