// HTTP, for what a socket cannot do: filling gaps, and everything when no socket opens. No cookies.

const TIMEOUT_MS = 10_000;

/** The server has answered "no". Anything else thrown here means that nobody answered. */
export class Refusal extends Error {
  constructor({ code, message, retryAfter, form }) {
    super(message);
    Object.assign(this, { code, retryAfter, form });
  }
}

export function createApi(base, getToken) {
  async function call(method, path, body) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    const headers = { 'Accept-Language': document.documentElement.lang };
    const token = getToken();
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers['Content-Type'] = 'application/json';
    try {
      const response = await fetch(base + path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        credentials: 'omit',
        cache: 'no-store',
        signal: abort.signal,
      });
      if (response.status === 204) return null;
      // Asked as somebody we were a moment ago: nobody is to forget who we are now, nor to see what was theirs.
      if (token !== getToken() && (method === 'GET' || response.status === 401)) throw new Error();
      return await readAnswer(response);
    } finally {
      clearTimeout(timer);
    }
  }

  const thread = (id) => `conversations/${encodeURIComponent(id)}/`;

  return {
    call,
    newVisitor: (body) => call('POST', 'visitor/', body),
    state: () => call('GET', 'state/'),
    post: (message) => call('POST', 'messages/', message),
    changes: (id, query) => call('GET', `${thread(id)}changes/?${new URLSearchParams(query)}`),
    marks: (id, marks) => call('POST', `${thread(id)}marks/`, marks),
  };
}

async function readAnswer(response) {
  const data = await response.json().catch(() => null);
  if (response.ok && data) return data;
  const problem = data || {};
  throw new Refusal({
    code: problem.code || (response.status >= 500 ? 'unavailable' : 'invalid'),
    message: problem.detail || problem.title || '',
    retryAfter: Number(response.headers.get('Retry-After')) || null,
    form: problem.form,
  });
}
