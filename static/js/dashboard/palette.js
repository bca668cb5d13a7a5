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
