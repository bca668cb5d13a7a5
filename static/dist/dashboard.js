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
{
/* <details class="drop"> as a menu: one open at a time, closed by Esc, by a click elsewhere and after choosing; the
   arrows walk through it. "minichat:menu" opens one from a shortcut. */
const opened = () => [...document.querySelectorAll("details.drop[open]")];
const optionsOf = (menu) => [...menu.querySelectorAll(".opt:not([disabled], [aria-disabled='true'])")];

document.addEventListener("click", ({ target }) => {
  for (const menu of opened()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("submit", ({ target }) => close(target.closest("details.drop")));
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.drop[open]");
  if (menu) move(menu, event);
});
document.addEventListener("minichat:menu", ({ detail }) => {
  detail.menu.open = true;
  optionsOf(detail.menu)[0]?.focus();
});

/* The chosen entry may disappear with the menu; the focus stays at the button that opened it. */
function close(menu) {
  if (!menu) return;
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.querySelector("summary").focus();
}

function move(menu, event) {
  if (event.key === "Escape") {
    event.stopPropagation();
    return close(menu);
  }
  const options = optionsOf(menu);
  const at = options.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at === -1 ? options.length - 1 : at - 1, Home: 0, End: options.length - 1 }[event.key];
  if (next === undefined || !options.length) return;
  event.preventDefault();
  options[(next + options.length) % options.length].focus();
}
}
{
/* [role=tablist]: the arrows move between tabs and show their panel at once (aria-controls). Without this script all
   panels are open, one below the other. */
const tabsOf = (list) => [...list.querySelectorAll("[role=tab]")];

for (const list of document.querySelectorAll("[role=tablist]")) {
  choose(tabsOf(list).find((tab) => tab.getAttribute("aria-selected") === "true") ?? tabsOf(list)[0]);
}

function choose(chosen) {
  for (const tab of tabsOf(chosen.closest("[role=tablist]"))) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
  }
}

document.addEventListener("click", ({ target }) => {
  const tab = target.closest("[role=tab]");
  if (tab) choose(tab);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  if (!tab) return;
  const all = tabsOf(tab.closest("[role=tablist]"));
  const at = all.indexOf(tab);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const chosen = all[(next + all.length) % all.length];
  choose(chosen);
  chosen.focus();
});
}
{
/* Tables that are whole on the page sort here: <table data-sortable> with a button.tbl-sort in the header cells; a cell
   may carry data-value where its words are not what it sorts by. Long tables sort on the server, by links.
   form[data-bulk]: boxes named like its [data-bulk-all], and a bar (.bulk) with what can be done with the ticked rows. */
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
const live = document.getElementById("live");

document.addEventListener("click", ({ target }) => {
  const button = target.closest("table[data-sortable] .tbl-sort");
  if (button) sort(button.closest("table"), button.closest("th"));
  if (target.closest("[data-bulk-none]")) tickAll(target.closest("form[data-bulk]"), false);
});

function sort(table, header) {
  const down = header.getAttribute("aria-sort") === "ascending";
  const column = [...header.parentElement.children].indexOf(header);
  const body = table.tBodies[0];
  const key = (row) => row.children[column].dataset.value ?? row.children[column].textContent.trim();
  const rows = [...body.rows].sort((a, b) => collator.compare(key(a), key(b)) * (down ? -1 : 1));
  for (const other of table.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.append(...rows);
}

const boxes = (form) => [...form.querySelectorAll(`input[type=checkbox][name="${form.dataset.bulk}"]`)];

function tickAll(form, on) {
  for (const box of boxes(form)) box.checked = on;
  count(form);
  if (!on) form.querySelector("[data-bulk-all]").focus();
}

function count(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("is-picked", box.checked);
  const master = form.querySelector("[data-bulk-all]");
  master.checked = ticked.length > 0 && ticked.length === all.length;
  master.indeterminate = ticked.length > 0 && !master.checked;
  const bar = form.querySelector(".bulk");
  bar.hidden = !ticked.length;
  const words = bar.querySelector("[data-bulk-count]");
  words.textContent = (ticked.length === 1 ? words.dataset.one : words.dataset.many).replace("{n}", String(ticked.length));
  if (live) live.textContent = ticked.length ? words.textContent : "";
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-bulk]");
  if (!form) return;
  if (target.matches("[data-bulk-all]")) tickAll(form, target.checked);
  else if (target.name === form.dataset.bulk) count(form);
});
document.querySelectorAll("form[data-bulk]").forEach(count);
}
{
/* The sheet is the registry: what is listed in #sheet works, and what works is listed. A row names what it does
   (data-shortcut), its keys (data-keys, alternatives by spaces, one after the other by ">") and maybe where it leads
   (data-href). Pages listen to "minichat:shortcut" and say with preventDefault() that they took it.
   Letters are known by what they type and, where that is not Latin, by where they are: the J key of a Thai layout
   types "่". Nothing fires while somebody types or a dialog is open. */
const SWITCH = "minichat:single-keys";
const PATIENCE = 1_200;
const PLACES = { Slash: ["/", "?"], BracketLeft: ["[", "{"], BracketRight: ["]", "}"], Period: [".", ">"], Comma: [",", "<"] };
const sheet = document.getElementById("sheet");
const singleKeys = document.getElementById("single-keys");
let before = { key: "", at: 0 };

const rows = () => [...(sheet?.querySelectorAll("[data-shortcut]") ?? [])];
const isField = (node) => Boolean(node.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]"));

function nameOf({ key, code, shiftKey }) {
  let name = key;
  if (key.length === 1 && !/^[\x20-\x7e]$/.test(key)) {
    name = code.startsWith("Key") ? code.slice(3) : PLACES[code]?.[Number(shiftKey)] ?? "";
  }
  if (/^[a-z]$/i.test(name)) return shiftKey ? `Shift+${name.toLowerCase()}` : name.toLowerCase();
  return name;
}

function pressed(event) {
  if (event.isComposing || event.defaultPrevented || event.altKey) return;
  const mod = event.ctrlKey || event.metaKey;
  const inDialog = document.querySelector("dialog[open]");
  if (inDialog && !(mod && inDialog.id === "palette")) return;
  if (!mod && (isField(event.target) || singleKeys?.checked === false)) return;
  const name = nameOf(event);
  const chain = Date.now() - before.at < PATIENCE ? `${before.key}>${name}` : "";
  before = { key: mod ? "" : name, at: Date.now() };
  const row = find(mod ? `Mod+${name}` : chain) ?? (mod ? null : find(name));
  if (row && run(row)) event.preventDefault();
}

const find = (keys) => (keys ? rows().find((row) => row.dataset.keys.split(" ").includes(keys)) : undefined);

/** Do what a row of the sheet says. False: nobody here can do it now. */
function run({ dataset }) {
  before = { key: "", at: 0 };
  if (dataset.href) {
    location.assign(dataset.href);
    return true;
  }
  return !document.dispatchEvent(new CustomEvent("minichat:shortcut", { detail: { name: dataset.shortcut }, cancelable: true }));
}

/** The menu as a rail of icons, and back; this browser remembers. */
function turnNav() {
  const root = document.documentElement;
  const narrow = root.dataset.nav !== "narrow";
  if (narrow) root.dataset.nav = "narrow";
  else delete root.dataset.nav;
  try { localStorage.setItem("minichat:nav", narrow ? "narrow" : "wide"); } catch { /* this page only */ }
}

if (sheet) {
  try { singleKeys.checked = localStorage.getItem(SWITCH) !== "off"; } catch { /* this page only */ }
  singleKeys.addEventListener("change", () => {
    try { localStorage.setItem(SWITCH, singleKeys.checked ? "on" : "off"); } catch { /* this page only */ }
  });
  document.addEventListener("keydown", pressed);
  document.addEventListener("minichat:run", ({ detail }) => run(detail.row));
  document.addEventListener("minichat:shortcut", (event) => {
    if (event.detail.name === "sheet") sheet.showModal();
    else if (event.detail.name === "theme") document.querySelector("[data-theme-toggle]")?.click();
    else if (event.detail.name === "nav") turnNav();
    else if (event.detail.name === "sign-out") document.getElementById("sign-out")?.requestSubmit();
    else return;
    event.preventDefault();
  });
  // Apple's keyboards call it by another name.
  if (/Mac|iPhone|iPad/.test(navigator.platform)) for (const kbd of document.querySelectorAll("[data-mod]")) kbd.textContent = "⌘";
}
}
{
/* Ctrl/Cmd K: one field for pages, people, conversations and actions. The field keeps the focus, the list is walked
   with aria-activedescendant. Actions are rows of the shortcut sheet; everything else is found by the server, which
   knows who may see what. */
const WAIT = 120;
const SKELETON_AFTER = 200;
const PATIENCE = 10_000;
const palette = document.getElementById("palette");

if (palette) {
  const input = palette.querySelector("input");
  const list = palette.querySelector("[role=listbox]");
  const found = list.querySelector("[data-found]");
  const actions = list.querySelector("[data-actions]");
  const loading = palette.querySelector("[data-loading-rows]");
  const say = palette.querySelector(".pal-say");
  const retry = say.querySelector("button");
  const live = palette.querySelector("[data-live]");
  const words = palette.dataset;
  let asked = null;
  let timer = 0;
  let slow = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const plain = (text) => text.normalize("NFKC").toLocaleLowerCase();

  const open = () => {
    if (palette.open) return palette.close();
    document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    input.value = "";
    drawActions();
    palette.showModal();
    input.focus();
    ask();
  };

  const drawActions = () => {
    const wanted = plain(input.value.trim()).split(/\s+/);
    const rows = [...document.querySelectorAll("#sheet [data-act]")].filter((row) => isPossible(row) && wanted.every((word) => plain(row.dataset.label).includes(word)));
    actions.hidden = !rows.length;
    actions.replaceChildren(actions.firstElementChild, ...rows.map(actionOption));
  };

  // An action of a page is offered where the page can do it now: what its row points at is there.
  const isPossible = ({ dataset }) => !dataset.needs || Boolean(document.querySelector(dataset.needs));

  const actionOption = (row, index) => {
    const option = palette.querySelector("template").content.firstElementChild.cloneNode(true);
    option.id = `pal-act-${index}`;
    option.querySelector(".opt-name").textContent = row.dataset.label;
    const use = option.querySelector("use");
    use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${row.dataset.act}`);
    option.append(...[...row.querySelectorAll("kbd")].map((kbd) => kbd.cloneNode(true)));
    option.row = row;
    return option;
  };

  const select = (option) => {
    for (const one of list.querySelectorAll("[aria-selected=true]")) one.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const step = (by) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    select(all[(at + by + all.length) % all.length]);
  };

  const ask = async () => {
    asked?.abort();
    const mine = (asked = new AbortController());
    const late = setTimeout(() => mine.abort("late"), PATIENCE);
    clearTimeout(slow);
    slow = setTimeout(() => { loading.hidden = false; }, SKELETON_AFTER);
    list.setAttribute("aria-busy", "true");
    try {
      const url = `${words.find}?q=${encodeURIComponent(input.value.trim())}`;
      const response = await fetch(url, { headers: { "HX-Request": "true" }, signal: mine.signal });
      const text = await response.text();
      if (mine === asked) answered(response, text);
    } catch {
      if (mine === asked) fail(navigator.onLine ? words.failed : words.offline);
    } finally {
      clearTimeout(late);
      if (mine === asked) settle();
    }
  };

  const settle = () => {
    clearTimeout(slow);
    loading.hidden = true;
    list.removeAttribute("aria-busy");
  };

  const answered = ({ ok, status, headers }, text) => {
    if (status === 401) return location.assign(`${words.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
    if (!ok) return fail((headers.get("Content-Type") ?? "").startsWith("text/plain") ? text : words.failed);
    const fresh = new DOMParser().parseFromString(text, "text/html").body;
    found.replaceChildren(...[...fresh.children].map((node) => document.importNode(node, true)));
    drawActions();
    const number = options().length;
    tell(number ? "" : words.none.replace("{q}", input.value.trim()), false);
    live.textContent = number === 1 ? words.one : number ? words.many.replace("{n}", String(number)) : "";
    select(options()[0]);
  };

  const fail = (text) => {
    found.replaceChildren();
    drawActions();
    tell(text, true);
    select(options()[0]);
  };

  const tell = (text, again) => {
    say.hidden = !text;
    say.firstElementChild.textContent = text;
    retry.hidden = !again;
  };

  const choose = (option, event) => {
    if (option.row) {
      palette.close();
      return document.dispatchEvent(new CustomEvent("minichat:run", { detail: { row: option.row } }));
    }
    if (event.ctrlKey || event.metaKey) return window.open(option.href, "_blank", "noopener");
    palette.close();
    location.assign(option.href);
  };

  input.addEventListener("input", (event) => {
    drawActions();
    clearTimeout(timer);
    // A word that is still being composed (IME) is not a question yet.
    if (!event.isComposing) timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) step(by);
    else if (event.key === "Enter") {
      const option = list.querySelector("[aria-selected=true]");
      if (option) choose(option, event);
    } else return;
    event.preventDefault();
  });
  list.addEventListener("pointermove", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") select(option);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || (option.href && (event.ctrlKey || event.metaKey || event.shiftKey))) return;
    event.preventDefault();
    choose(option, event);
  });
  retry.addEventListener("click", () => { input.focus(); ask(); });
  palette.addEventListener("close", () => { asked?.abort(); asked = null; settle(); });
  document.addEventListener("click", ({ target }) => target.closest("[data-palette]") && open());
  document.addEventListener("minichat:shortcut", (event) => {
    if (event.detail.name !== "palette") return;
    event.preventDefault();
    open();
  });
}
}
