// Who we are. The credential is issued once, kept by the page around us, and never part of an address.

const TICKET_MS = 20 * 3_600_000; // the server accepts it for a day

export function createVisitor({ ticket, lang, host }) {
  const born = Date.now();
  const timezone = new Intl.DateTimeFormat().resolvedOptions().timeZone; // for the clock beside the conversation
  let token = null;
  let page = { url: '', title: '', referrer: '' };
  let isAsking = false; // a socket has said hello without a token
  let isCreating = false; // a POST is making the visitor
  const proof = {}; // `identity`: a signed token that the server has yet to see; `shown`: the one it was greeted with
  let isUnsure = false; // the page is being asked whether another tab knows better

  /** The page keeps the token before the first message leaves: what was said is never orphaned. */
  function keep(fresh) {
    token = fresh;
    host.send('token', token);
  }

  return {
    token: () => token,
    page: () => page,
    keep,
    proof,

    /** Nothing when the token is just on its way: a second visitor must not be made. */
    hello() {
      if (isCreating || isUnsure) return null;
      if (!token && Date.now() - born > TICKET_MS) {
        window.location.reload(); // a page left open overnight: fetch a fresh ticket, the host keeps the texts
        return null;
      }
      isAsking = !token;
      return { type: 'hello', v: 1, token, ticket, lang, page, timezone, identity: (proof.shown = proof.identity) };
    },
    answered() {
      isAsking = false;
    },

    async ensure(api) {
      if (token) return;
      if (isAsking || isCreating || isUnsure) throw new Error('the socket is asking already');
      isCreating = true;
      try {
        keep((await api.newVisitor({ ticket, lang, page, timezone, identity: proof.identity })).token);
      } finally {
        isCreating = false;
      }
    },

    /** Another tab of the site may hold a newer token: the page says how to go on, with `become`. */
    forget() {
      isUnsure = true;
      host.send('gone', token);
      token = null;
    },
    become(other) {
      token = other;
      isUnsure = false;
    },
    moveTo(next) {
      page = next;
    },
  };
}
