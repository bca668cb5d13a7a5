/* What htmx leaves to the page: every request shows that it runs, and says what went wrong where it can be tried again.
   A form that came back with 422 is swapped like any other answer (see the htmx-config of base.html). */
const words = document.getElementById("words")?.dataset ?? {};
const say = (detail) => document.dispatchEvent(new CustomEvent("minichat:toast", { detail }));
const sentences = { 0: words.offline, 404: words.gone, 409: words.conflict, 413: words.tooLarge, 429: words.tooMany };

document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.target?.removeAttribute("aria-busy"));

/* Where the form with the error is now: the swap may have taken the focus along. */
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.xhr.status === 422) detail.target.querySelector("[aria-invalid='true']")?.focus();
});

document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status, responseText } = detail.xhr;
  if (status === 401) return signIn(detail.elt);
  // Our refusals are one plain sentence; anything else that comes back is not meant to be read.
  const isSentence = (detail.xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/plain") && responseText.length < 300;
  complain(detail, isSentence ? responseText : sentences[status] ?? words.failed);
});
document.addEventListener("htmx:sendError", ({ detail }) => complain(detail, navigator.onLine ? words.failed : words.offline));
document.addEventListener("htmx:timeout", ({ detail }) => complain(detail, words.slow));

/* Trying again is the click or the sending once more; a part that loads by itself is asked for anew. */
function complain({ elt, requestConfig }, text) {
  const again = () => {
    if (!elt.isConnected) return;
    if (elt.localName === "form") elt.requestSubmit();
    else htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target: requestConfig.target ?? elt, values: requestConfig.parameters, swap: elt.getAttribute("hx-swap") ?? undefined });
  };
  say({ text, level: "error", action: words.again, act: again });
}

/* A session that ended leads to sign-in and back here, with what was typed. */
function signIn(source) {
  document.dispatchEvent(new CustomEvent("minichat:refused", { detail: { form: source.closest("form") } }));
  const page = document.querySelector("[data-sign-in]")?.dataset.signIn || words.signIn || "/accounts/login/";
  location.assign(`${page}?next=${encodeURIComponent(location.pathname + location.search)}`);
}
