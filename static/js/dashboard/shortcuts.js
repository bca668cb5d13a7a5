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
