// Saves a form to the server while somebody types. It never claims what the server has not said.
const PAUSE = 4000;
// Who types without a pause is saved this long after the first key.
const LONGEST_UNSAVED = 15000;
const LONGEST_WAIT = 30000;
// A connection that hangs must not keep the next save waiting for ever.
const NO_ANSWER = 20000;
// How long a press of a button waits for a save that is under way.
const PATIENCE = 3000;

const CHANGED = "This was changed somewhere else. Press a button below to see both versions: nothing is lost.";
const SIGNED_OUT = "You have been signed out. Press a button below: you can sign in, and your text comes back.";
const GONE = "This can no longer be saved here. Press a button below: your text comes back, so that you can copy it.";

export function start(form) {
  const status = form.querySelector(".app-autosave");
  let timer = 0;
  let saving = null;
  let changed = false;
  let since = 0;
  let stopped = false;
  let sent = false;
  let wait = 2000;

  const say = (text, bad = false) => {
    status.textContent = text;
    status.classList.toggle("app-autosave--bad", bad);
  };
  // What may identify somebody is said when it changes, and stops nothing.
  const noticed = document.createElement("div");
  noticed.className = "app-noticed";
  noticed.setAttribute("role", "status");
  status.after(noticed);
  const notice = (findings) => {
    if (noticed.dataset.said === findings.join()) return;
    noticed.dataset.said = findings.join();
    noticed.replaceChildren();
    if (!findings.length) return;
    const words = document.createElement("p");
    words.textContent = "This may identify somebody. Look at it before you send it:";
    const list = document.createElement("ul");
    for (const finding of findings) list.appendChild(document.createElement("li")).textContent = finding;
    noticed.append(words, list);
  };
  const later = (after) => {
    clearTimeout(timer);
    timer = setTimeout(save, after);
  };
  const stop = (text) => {
    stopped = true;
    clearTimeout(timer);
    say(text, true);
  };

  function accept(answer) {
    wait = 2000;
    const version = form.querySelector('input[name="version"]');
    if (version && answer.version !== undefined) version.value = answer.version;
    if (answer.autosave_url) form.dataset.autosaveUrl = answer.autosave_url;
    if (answer.action) form.setAttribute("action", answer.action);
    // Whoever comes back by the Back button comes to this address: it says what the form began from.
    if (answer.url && answer.url !== location.pathname + location.search) history.replaceState(null, "", answer.url + location.hash);
    const reading = document.getElementById("reading");
    if (reading && answer.reading) reading.outerHTML = answer.reading;
    notice(answer.findings ?? []);
    const both = answer.clashes?.length ? answer.clashes.join(", ") : "";
    if (both) say(`Draft saved at ${answer.saved_at}. Somebody else changed this too: ${both}. Both versions are kept; press a button below to choose.`, true);
    else say(`Draft saved at ${answer.saved_at}`);
  }

  function again() {
    changed = true;
    say("Not saved yet. Trying again…", true);
    later(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  async function send(leaving) {
    changed = false;
    since = 0;
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
        keepalive: leaving,
        credentials: "same-origin",
        signal: AbortSignal.timeout(NO_ANSWER),
      });
      if (response.ok) accept(await response.json());
      else if (response.status === 409) stop(CHANGED);
      else if ([400, 401].includes(response.status)) stop(SIGNED_OUT);
      else if ([403, 404].includes(response.status)) stop(GONE);
      else if (response.status === 422) say((await response.json()).message, true);
      else return again();
    } catch {
      return again();
    }
    if (changed && !stopped) later(PAUSE);
  }

  async function save(leaving = false) {
    if (stopped || sent || !changed) return;
    if (saving) return later(500);
    saving = send(leaving);
    await saving;
    saving = null;
  }

  form.addEventListener("input", () => {
    changed = true;
    since ||= Date.now();
    if (!stopped) later(Math.max(0, Math.min(PAUSE, since + LONGEST_UNSAVED - Date.now())));
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!navigator.onLine && !stopped) {
      // Without a network the browser would put its own page in place of this one, and the text with it.
      event.preventDefault();
      sent = false;
      return again();
    }
    if (saving && !sent) {
      // Sent now, the form would carry the version from before that save, and meet itself as a conflict.
      event.preventDefault();
      const patience = new Promise((done) => setTimeout(done, PATIENCE));
      Promise.race([saving, patience]).then(() => form.requestSubmit(event.submitter));
    }
    sent = true;
  });
  // Back from the next page, with this one as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) sent = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  window.addEventListener("online", () => save());
  // Somebody began to type before this script arrived. (`form.elements` may be a field: leadership elements have that name.)
  const typed = [...form.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);
  if (typed && form.contains(document.activeElement)) form.dispatchEvent(new Event("input"));
}
