// One soft tone for what comes while nobody looks at the chat. Off until the visitor wants it; the page around us keeps
// that with what else the frame wants remembered, and only after consent.

const BURST_MS = 4_000;
const PATIENCE_MS = 300;

export function createSound({ host, known }) {
  let lastAt = 0;
  let audio = null;

  const kept = () => JSON.parse(known().told || '{}');
  const isLoud = () => kept().sound === true;

  /** A browser that has not been touched yet refuses, and stays silent. Nothing is loaded: the tone is made here. */
  async function chime() {
    try {
      audio ??= new AudioContext();
      if (audio.state === 'suspended') await Promise.race([audio.resume(), pause(PATIENCE_MS)]);
      if (audio.state === 'running') tone(audio.currentTime);
    } catch {
      // No sound here; everything else has been said already.
    }
  }

  function tone(at) {
    const [source, volume] = [audio.createOscillator(), audio.createGain()];
    source.frequency.value = 740;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.1, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
    source.connect(volume).connect(audio.destination);
    source.start(at);
    source.stop(at + 0.32);
  }

  /** Of several tabs one rings: whoever gets the lock. A frame may be refused it, and then rings. */
  function ringOnce() {
    if (!navigator.locks) return chime();
    const hold = (lock) => lock && chime().then(() => pause(BURST_MS / 2));
    return navigator.locks.request('minichat-sound', { ifAvailable: true }, hold).catch(chime);
  }

  return {
    isLoud,
    turn(isWanted) {
      known().told = JSON.stringify({ ...kept(), sound: isWanted || undefined });
      host.send('told', known().told);
      if (isWanted) chime(); // how it sounds; and the browser has been touched
    },
    ring() {
      if (!isLoud()) return; // and what was silent begins no burst
      const isBurst = Date.now() - lastAt < BURST_MS;
      lastAt = Date.now();
      if (!isBurst) ringOnce();
    },
  };
}

const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });
