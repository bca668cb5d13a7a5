// The bell's few requests. null (or false): it did not work, whatever the reason.
const PATIENCE = 15_000;

const token = () => JSON.parse(document.body.getAttribute('hx-headers') ?? '{}')['X-CSRFToken'] ?? '';

export const getHtml = url => ask(url, { headers: { 'HX-Request': 'true' } }, reply => reply.text());

export const getJson = url => ask(url, { headers: { Accept: 'application/json' } }, reply => reply.json());

export const post = (url, options = {}) => ask(url, {
  method: 'POST',
  headers: { 'HX-Request': 'true', 'X-CSRFToken': token() },
  ...options,
}, () => true);

async function ask(url, options, understand) {
  try {
    const reply = await fetch(url, { credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE), ...options });
    return reply.ok && !reply.redirected ? await understand(reply) : null;
  } catch {
    return null;
  }
}

/** {status, data}: what the server said, also when it refused; status 0 means no network. */
export async function postJson(url, body) {
  try {
    const reply = await fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(PATIENCE),
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token() },
      body: JSON.stringify(body),
    });
    return { status: reply.status, data: await reply.json().catch(() => null) };
  } catch {
    return { status: 0, data: null };
  }
}
