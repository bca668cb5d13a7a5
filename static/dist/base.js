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
systemIsDark.addEventListener("change", () => show(stored() ?? "system"));
addEventListener("storage", ({ key }) => key === KEY && show(stored() ?? "system"));

// Without this script the switch would do nothing, so it is drawn hidden.
for (const button of document.querySelectorAll("[data-theme-toggle]")) button.hidden = false;
if (root.dataset.themeChoice) store(root.dataset.themeChoice);
show(stored() ?? "system");
}
{
/* Toasts: those the server rendered, and those a script asks for:
   document.dispatchEvent(new CustomEvent("minichat:toast", { detail: { text, level } })) – level "error" stays longer. */
const LIMIT = 3;
const STAY = { error: 12_000, other: 6_000 };
const region = document.getElementById("toasts");
const template = document.getElementById("toast-template");

function leave(toast) {
  const focused = toast.contains(document.activeElement);
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 200);
  if (focused) document.getElementById("main")?.focus();
}

/* The clock stands still while somebody reads with the pointer or the keyboard on it. */
function leaveLater(toast) {
  const stay = toast.classList.contains("toast-bad") ? STAY.error : STAY.other;
  let timer = setTimeout(leave, stay, toast);
  const hold = () => clearTimeout(timer);
  const go = () => { hold(); timer = setTimeout(leave, stay, toast); };
  for (const [event, act] of [["pointerenter", hold], ["focusin", hold], ["pointerleave", go], ["focusout", go]]) {
    toast.addEventListener(event, act);
  }
}

function show({ text, level }) {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  toast.classList.toggle("toast-bad", level === "error");
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
   Focus goes back by itself: showModal() remembers where it came from. */
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-dialog-open]");
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
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
document.querySelector("main [aria-invalid='true']")?.focus();
}
{
/* What htmx cannot know: a lost session means signing in again. Everything else shows itself where it happened. */
document.addEventListener("htmx:responseError", ({ detail }) => {
  const signIn = document.querySelector("[data-sign-in]")?.dataset.signIn ?? "/accounts/login/";
  if (detail.xhr.status === 401) location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
});
}
