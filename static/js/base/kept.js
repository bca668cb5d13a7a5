/* Nothing typed is lost. What a form holds is kept when it is sent and forgotten when a page that is no refusal comes
   back. If sign-in, a limit or a breakdown came in between (<body data-refused>), it is filled in again on return; also
   if that page was left before this ran: then the next one knows nobody, though somebody had typed.
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
const isSignedOut = (kept) => kept.user && !here;

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
  else if (document.body.hasAttribute("data-refused") || isSignedOut(kept)) refuse(kept);
  else if (!kept.refused) forget();
  else if (kept.path === location.pathname && isTheirs(kept)) giveBack(kept);
}
