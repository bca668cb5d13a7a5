// [data-passkey="create" | "get"] asks the browser's keeper of passkeys when the form is sent, and sends the answer along.
// What to ask stands in data-options, or is fetched from data-options-url at that moment.
const WORKS = 'PublicKeyCredential' in window && isSecureContext && !isBareAddress(location.hostname);

for (const form of document.querySelectorAll('[data-passkey]')) {
  if (WORKS) enhance(form);
}

// Browsers bind a passkey to a name.
function isBareAddress(host) {
  return /^[\d.]+$/.test(host) || host.startsWith('[');
}

function enhance(form) {
  form.hidden = false;
  for (const button of form.querySelectorAll('[data-passkey-go]')) button.hidden = false;
  for (const notice of form.querySelectorAll('[data-passkey-unavailable]')) notice.hidden = true;
  const answer = form.elements.credential;
  answer.value = '';
  form.addEventListener('submit', event => {
    if (answer.value) return;
    event.preventDefault();
    if (!form.hasAttribute('aria-busy')) run(form, answer);
  });
  // Back from the next page: a challenge is answered once.
  addEventListener('pageshow', () => { answer.value = ''; });
}

async function run(form, answer) {
  form.setAttribute('aria-busy', 'true');
  say(form, '');
  try {
    answer.value = JSON.stringify(await ceremony(form));
    form.requestSubmit();
  } catch (error) {
    say(form, wordsFor(form, error));
  } finally {
    form.removeAttribute('aria-busy');
  }
}

async function ceremony(form) {
  const { publicKey } = form.dataset.options ? JSON.parse(form.dataset.options) : await fetched(form.dataset.optionsUrl);
  const asked = { publicKey: decoded(publicKey) };
  if (form.dataset.passkey === 'create') return made(await navigator.credentials.create(asked));
  return shown(await navigator.credentials.get(asked));
}

async function fetched(address) {
  const response = await fetch(address, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

function decoded(options) {
  const list = keys => keys?.map(key => ({ ...key, id: toBytes(key.id) }));
  const found = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) found.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) found.excludeCredentials = list(options.excludeCredentials);
  if (options.allowCredentials) found.allowCredentials = list(options.allowCredentials);
  return found;
}

function made(credential) {
  return {
    ...common(credential),
    response: {
      clientDataJSON: toText(credential.response.clientDataJSON),
      attestationObject: toText(credential.response.attestationObject),
      transports: credential.response.getTransports?.() ?? [],
    },
  };
}

function shown(credential) {
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return {
    ...common(credential),
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

function common(credential) {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function wordsFor({ dataset }, error) {
  if (error.name === 'InvalidStateError' && dataset.known) return dataset.known;
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') return dataset.cancelled;
  return dataset.failed;
}

function say(form, text) {
  const place = form.querySelector('[data-passkey-error]');
  place.querySelector('p').textContent = text;
  place.hidden = !text;
}

function toBytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
}

function toText(buffer) {
  const letters = Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join('');
  return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
