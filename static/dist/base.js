{
/* [data-theme-toggle] turns the page over; [data-theme-set="light|dark|system"] chooses. No stored choice = system.
   Somebody signed in (<html data-theme-url data-theme-choice>) takes the choice along to other browsers. */
const KEY = "minichat-theme";
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; } };

function store(choice) {
  try { choice === "system" ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, choice); } catch { /* this page only */ }
}

function show(choice) {
  const dark = choice === "system" ? systemIsDark.matches : choice === "dark";
  root.dataset.theme = dark ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === choice));
  }
}

function choose(choice) {
  store(choice);
  show(choice);
  if (root.dataset.themeUrl) save(choice);
}

/* A failure is not worth a word: this browser remembers anyway. */
function save(theme) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  fetch(root.dataset.themeUrl, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ theme }) }).catch(() => {});
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-theme-toggle]")) choose(root.dataset.theme === "dark" ? "light" : "dark");
  const option = target.closest("[data-theme-set]");
  if (option) choose(option.dataset.themeSet);
});
// The profile page saves the choice with its form; this browser's own memory must not contradict it.
document.addEventListener("submit", ({ target }) => {
  const select = target.querySelector("[data-theme-select]");
  if (select) store(select.value || "system");
});
systemIsDark.addEventListener("change", () => show(stored() ?? "system"));
addEventListener("storage", ({ key }) => key === KEY && show(stored() ?? "system"));

// Without this script the switch would do nothing, so it is drawn hidden.
for (const button of document.querySelectorAll("[data-theme-toggle]")) button.hidden = false;
if (root.dataset.themeChoice) store(root.dataset.themeChoice);
show(stored() ?? "system");
}
{
/* Toasts: those the server rendered, and those a script asks for:
   document.dispatchEvent(new CustomEvent("minichat:toast", { detail: { text, level, action, act } }))
   Level "error" stays longer. `action` is the word on a button and `act` what it does: "Undo", "Try again". */
const LIMIT = 3;
const STAY = { error: 12_000, action: 12_000, other: 6_000 };
const region = document.getElementById("toasts");
const template = document.getElementById("toast-template");

function leave(toast) {
  const focused = toast.contains(document.activeElement);
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 200);
  if (focused) document.getElementById("main")?.focus();
}

function stayOf(toast) {
  if (toast.classList.contains("toast-bad")) return STAY.error;
  return toast.querySelector(".toast-act") ? STAY.action : STAY.other;
}

/* The clock stands still while somebody reads with the pointer or the keyboard on it. */
function leaveLater(toast) {
  let timer = 0;
  const hold = () => clearTimeout(timer);
  const go = () => {
    hold();
    if (!toast.matches(":hover, :focus-within")) timer = setTimeout(leave, stayOf(toast), toast);
  };
  for (const [event, then] of [["pointerenter", hold], ["focusin", hold], ["pointerleave", go], ["focusout", () => setTimeout(go)]]) {
    toast.addEventListener(event, then);
  }
  go();
}

function show({ text, level, action, act }) {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  toast.classList.toggle("toast-bad", level === "error");
  const button = toast.querySelector(".toast-act");
  if (action) {
    button.textContent = action;
    button.hidden = false;
    button.addEventListener("click", () => { leave(toast); act(); });
  } else {
    button.remove();
  }
  region.append(toast);
  leaveLater(toast);
  [...region.children].slice(0, -LIMIT).forEach(leave);
}

if (region && template) {
  [...region.children].forEach(leaveLater);
  region.addEventListener("click", ({ target }) => {
    if (target.closest("[data-toast-close]")) leave(target.closest("[data-toast]"));
  });
  document.addEventListener("minichat:toast", ({ detail }) => show(detail));
}
}
{
/* [data-dialog-open="id"] opens a <dialog>, [data-dialog-close] closes the one around it; a click beside it closes too.
   Focus goes back by itself: showModal() remembers where it came from. Drawers are dialogs at the edge. */
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-dialog-open]");
  if (opener) {
    opener.closest("[popover]")?.hidePopover();
    document.getElementById(opener.dataset.dialogOpen)?.showModal();
  }
  if (target.closest("[data-dialog-close]") || target.matches("dialog.pal")) target.closest("dialog")?.close();
});

/* A chosen entry closes its popover; switches (theme, language) leave it open. */
document.addEventListener("click", ({ target }) => {
  const entry = target.closest("[popover] a.opt");
  if (entry) entry.closest("[popover]").hidePopover();
});
}
{
/* Passwords that can be looked at, and forms that are sent once. */
for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
  // A shown password would be offered by the browser as ordinary form text.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

/* Coming back with the Back button finds the page as it was left: make its forms usable again. */
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
});

/* The first field with an error gets the focus, so that the sentence beside it is read. */
document.querySelector("main form:not([data-sample]) [aria-invalid='true']")?.focus();
}
{
/* Nothing typed is lost. What a form holds is kept when it is sent and forgotten when a page that is no refusal comes
   back. If sign-in, a limit or a breakdown came in between (<body data-refused>), it is filled in again on return.
   In this tab only, never passwords, codes or files, and not for long: it may be somebody else who signs in next. */
const KEY = "minichat-kept";
const KEEP_FOR = 15 * 60_000;
const SECRET = "[type=password], [type=file], [type=hidden], [autocomplete=one-time-code], [data-not-kept]";

const read = () => { try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; } };
const write = (kept) => { try { sessionStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* storage is full or refused */ } };
const forget = () => { try { sessionStorage.removeItem(KEY); } catch { /* refused */ } };

const fields = (form) => [...form.elements].filter((field) => field.name && field.matches("input, select, textarea") && !field.matches(SECRET));
const isTick = (field) => field.type === "checkbox" || field.type === "radio";
const valueOf = (field) => field.multiple ? [...field.selectedOptions].map((option) => option.value) : isTick(field) ? field.checked : field.value;
const actionOf = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname;

function keep(form, refused) {
  const values = fields(form).map((field) => [field.name, isTick(field) ? field.value : null, valueOf(field)]);
  if (!values.length || !form.closest("main, dialog")) return;
  // Signing in is on the way back to what was refused; it is nothing to come back to itself.
  const before = read();
  if (before?.refused && !refused && before.path !== location.pathname) return;
  write({ path: location.pathname, action: actionOf(form), values, at: Date.now(), refused, user: here });
}

function fill(form, values) {
  for (const [name, tick, value] of values) {
    const field = fields(form).find((one) => one.name === name && (tick === null || one.value === tick));
    if (!field) continue;
    if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
    else if (isTick(field)) field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/* Whoever signed in must be who typed it. Pages on the way (sign-in) know nobody yet. */
const here = document.body.dataset.user ?? "";
const isTheirs = (kept) => !kept.user || kept.user === here;
const isSomebodyElse = (kept) => here && !isTheirs(kept);

function giveBack(kept) {
  const form = [...document.querySelectorAll("main form, dialog form")].find((one) => one.method === "post" && actionOf(one) === kept.action);
  forget();
  if (!form) return;
  fill(form, kept.values);
  const text = document.getElementById("words")?.dataset.kept;
  if (text) document.dispatchEvent(new CustomEvent("minichat:toast", { detail: { text } }));
}

document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (!defaultPrevented && target.method === "post") keep(target, false);
});
/* Scripts that send a form themselves say so when they were refused. */
document.addEventListener("minichat:refused", ({ detail }) => detail.form && keep(detail.form, true));

/* The page that refuses does not know where the form was; signing in leads back there. */
function refuse(kept) {
  write({ ...kept, refused: true });
  const link = document.querySelector("[data-sign-in-link]");
  if (link) link.search = new URLSearchParams({ next: kept.path });
}

const kept = read();
if (kept) {
  if (Date.now() - kept.at > KEEP_FOR || isSomebodyElse(kept)) forget();
  else if (document.body.hasAttribute("data-refused")) refuse(kept);
  else if (!kept.refused) forget();
  else if (kept.path === location.pathname && isTheirs(kept)) giveBack(kept);
}
}
{
/* A form sent without a network would end on the browser's own error page: it stays here, with a sentence. */
const words = document.getElementById("words")?.dataset ?? {};
const banner = document.getElementById("offline");

function show() {
  if (banner) banner.hidden = navigator.onLine;
}

document.addEventListener("submit", (event) => {
  if (navigator.onLine || event.defaultPrevented || !words.offline) return;
  event.preventDefault();
  const form = event.target;
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  document.dispatchEvent(new CustomEvent("minichat:toast", { detail: { text: words.offline, level: "error", action: words.again, act: () => form.requestSubmit() } }));
});

addEventListener("online", show);
addEventListener("offline", show);
show();
}
{
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
}
