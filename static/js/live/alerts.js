// Something came in that wants to be seen: a sound once per burst, and a title that flashes while nobody looks at the tab.
import { when } from '../inbox/bus.js';

const BURST = 4_000;
const FLASH_EVERY = 1_200;
const KEY = 'minichat:sound';
let lastAt = 0;
let timer = 0;
let calm = document.title; // what the title says when nothing flashes
let isFlashing = false;
let context = null;

export function startAlerts() {
  when('alert', alert);
  when('notification', frame => frame.html && alert({ words: frame.text }));
  for (const event of ['visibilitychange', 'focus']) (event === 'focus' ? window : document).addEventListener(event, () => document.hidden || settle());
  startSwitch();
}

/** The title belongs to whoever sets it by this; flashing comes and goes over it. */
export function setTitle(words) {
  calm = words;
  if (!isFlashing) document.title = words;
}

function alert({ words }) {
  const isBurst = Date.now() - lastAt < BURST;
  lastAt = Date.now();
  if (!isBurst) ring();
  if (document.hidden) flash(words);
}

// --- The title -------------------------------------------------------------------------------------------------------

function flash(words) {
  clearInterval(timer);
  isFlashing = true;
  let isLoud = false;
  const turn = () => { isLoud = !isLoud; document.title = isLoud ? words : calm; };
  turn();
  timer = setInterval(turn, FLASH_EVERY);
}

function settle() {
  clearInterval(timer);
  isFlashing = false;
  document.title = calm;
}

// --- The sound -------------------------------------------------------------------------------------------------------

const isMuted = () => {
  try {
    return localStorage.getItem(KEY) === 'off';
  } catch {
    return false;
  }
};

/** Of several tabs one rings: whoever gets the lock. */
function ring() {
  if (isMuted()) return;
  if (!navigator.locks) return chime();
  navigator.locks.request('minichat-sound', { ifAvailable: true }, lock => lock && chime().then(() => new Promise(done => setTimeout(done, BURST / 2))));
}

// Two soft tones, made here: no file to load. A browser that has not been touched yet refuses, and stays silent.
async function chime() {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') await Promise.race([context.resume(), new Promise(done => setTimeout(done, 300))]);
    if (context.state !== 'running') return;
    [660, 880].forEach((pitch, number) => tone(pitch, context.currentTime + number * 0.13));
  } catch {
    // No sound here; everything else has been said already.
  }
}

function tone(pitch, at) {
  const [source, volume] = [context.createOscillator(), context.createGain()];
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.32);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + 0.35);
}

// --- The switch on the settings page ---------------------------------------------------------------------------------

function startSwitch() {
  const card = document.querySelector('[data-sound]');
  if (!card) return;
  const box = card.querySelector('input');
  box.checked = !isMuted();
  box.addEventListener('change', () => {
    try {
      if (box.checked) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, 'off');
    } catch {
      box.checked = true;
    }
  });
  card.querySelector('[data-sound-test]').addEventListener('click', chime);
}
