// HTTP to our own server. Every answer is {status, ok, data, html, retryAfter}; status 0 means no network.
import { SIGNED_OUT } from './closing.js';
import { end } from './socket.js';

const PATIENCE = 15_000;

export const token = () => document.querySelector('#inbox-page [name=csrfmiddlewaretoken]')?.value ?? csrfFromBody();

// The body carries the token for htmx already (hx-headers).
function csrfFromBody() {
  try {
    return JSON.parse(document.body.getAttribute('hx-headers') ?? '{}')['X-CSRFToken'] ?? '';
  } catch {
    return '';
  }
}

export const getJson = url => ask(url, { headers: { Accept: 'application/json' } });

export const getHtml = (url, signal) => ask(url, { headers: { 'HX-Request': 'true' }, signal });

export const postJson = (url, body, { keepalive = false, patience = PATIENCE } = {}) => ask(url, {
  method: 'POST',
  keepalive,
  patience,
  headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token() },
  body: JSON.stringify(body),
});

export const postForm = (url, fields = {}) => ask(url, {
  method: 'POST',
  headers: { Accept: 'application/json', 'HX-Request': 'true', 'X-CSRFToken': token() },
  body: new URLSearchParams(fields),
});

async function ask(url, { signal, patience = PATIENCE, ...options }) {
  const signals = [AbortSignal.timeout(patience), signal].filter(Boolean);
  try {
    const response = await fetch(url, { credentials: 'same-origin', signal: anyOf(signals), ...options });
    return await understand(response);
  } catch {
    return { status: 0, ok: false, data: null, html: '', retryAfter: null, aborted: Boolean(signal?.aborted) };
  }
}

async function understand(response) {
  const isJson = (response.headers.get('Content-Type') ?? '').includes('json');
  const body = await response.text();
  if (response.status === 401) end(SIGNED_OUT);
  return {
    status: response.status,
    ok: response.ok,
    data: isJson && body ? JSON.parse(body) : null,
    html: isJson ? '' : body,
    act: response.headers.get('X-Act'),
    retryAfter: Number(response.headers.get('Retry-After')) || null,
  };
}

// AbortSignal.any is younger than the browsers we serve.
function anyOf(signals) {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort();
    signal.addEventListener('abort', () => controller.abort(), { once: true });
  }
  return controller.signal;
}
