// What the page says about its visitor: who they are, what is true of them, what they did. Loaded when it says so.
// It waits until the line is open and goes out in order. A signed token may have gone with the greeting already.

const WAIT_MS = 6_000; // then there is no socket to be had, and it goes by POST
const SIGN_IN = 4405; // the line was closed until somebody is vouched for
const said = [];
let line = null;
let asked = ''; // the signed token whose answer is on its way
let timer = 0;

export function start({ what, data, line: given }) {
  if (!line) {
    line = given;
    line.hear = hear;
    if (line.isOpen() || line.ended === SIGN_IN) judged(); // before we were here
  }
  return acts[what](data);
}

const acts = {
  identify({ token, ...traits }) {
    if (token) prove();
    if (Object.keys(traits).length) say({ type: 'identify', traits });
  },
  update: (attributes) => say({ type: 'update', attributes }),
  track: (event) => say({ type: 'track', ...event }),
  /** Nobody waits for the answer: the frame is loaded anew at once. */
  reset() {
    if (line.visitor.token()) post('reset', {}).catch(() => {});
  },
};

function say(frame) {
  try {
    said.push(JSON.parse(JSON.stringify(frame))); // a page may hand over what cannot be sent
    flush();
  } catch {
    line.host.send('error', { code: 'invalid' });
  }
}

function flush() {
  while (said.length && line.link.send(said[0])) said.shift();
  if (said.length) later();
}

/** One at a time: an answer does not say to which token it belongs. */
function prove() {
  const { identity } = line.visitor.proof;
  if (!identity || asked) return;
  if (line.link.send({ type: 'identify', identity })) asked = identity;
  else if (line.ended === SIGN_IN) line.link.open();
  else later();
}

function hear(frame) {
  if (frame.type === 'welcome') welcome();
  else if (frame.type === 'identified') settled(frame.token);
  else if (frame.type === 'error' && /^identity/.test(frame.code)) settled();
}

function welcome() {
  asked = '';
  judged();
  prove();
  flush();
}

/** What the greeting has shown was accepted or refused. */
function judged() {
  const { proof } = line.visitor;
  if (proof.identity === proof.shown) proof.identity = '';
}

function settled(token) {
  judged();
  if (asked === line.visitor.proof.identity) line.visitor.proof.identity = '';
  asked = '';
  if (token) {
    line.visitor.keep(token);
    line.link.drop(); // what comes over it from now on may be for another visitor
  } else {
    prove();
  }
}

// --- Without a socket ------------------------------------------------------------------------------------------------

function later() {
  clearTimeout(timer);
  timer = setTimeout(byPost, WAIT_MS);
}

async function byPost() {
  const { visitor, isOpen } = line;
  const { identity, shown } = visitor.proof;
  // What a greeting shows just now is not shown here as well.
  if (visitor.token() && identity && identity !== shown && !isOpen()) await vouch();
  while (visitor.token() && said.length && !isOpen()) {
    const { type, ...body } = said.shift();
    try {
      await tell(type, body);
    } catch {
      said.unshift({ type, ...body });
      break;
    }
  }
  if (!isOpen() && (said.length || visitor.proof.identity)) later();
}

async function vouch() {
  const { visitor } = line;
  const { identity } = visitor.proof;
  visitor.proof.identity = ''; // no greeting is to show it meanwhile
  try {
    const { token, other } = await tell('identify', { identity });
    if (other) line.clear();
    if (!token) return;
    visitor.keep(token);
    line.link.drop(); // it may be greeting with the old one just now
  } catch {
    // No network: it is shown again, here or with the next greeting, unless the page has named somebody else by now.
    visitor.proof.identity ||= identity;
  }
}

/** What is refused is told to the page. */
async function tell(what, body) {
  const response = await post(what, body);
  const answer = response.status === 204 ? {} : await response.json();
  if (!response.ok) line.host.send('error', { code: answer.code });
  return answer;
}

function post(what, body) {
  return fetch(`${line.base}${what}/`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${line.visitor.token()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    credentials: 'omit',
    keepalive: what === 'reset',
  });
}
