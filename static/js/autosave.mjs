// Saves a form to the server while somebody types. It never claims what the server has not said.
const PAUSE = 4000;
const LONGEST_WAIT = 30000;

export function start(form) {
  const status = form.querySelector(".app-autosave");
  let timer = 0;
  let saving = false;
  let changed = false;
  let stopped = false;
  let wait = 2000;

  const say = (text, bad = false) => {
    status.textContent = text;
    status.classList.toggle("app-autosave--bad", bad);
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
    if (answer.url && answer.url !== location.pathname) history.replaceState(null, "", answer.url);
    say(`Draft saved at ${answer.saved_at}`);
  }

  async function save(leaving = false) {
    if (stopped || !changed) return;
    if (saving) return later(500);
    saving = true;
    changed = false;
    let retry = false;
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
        keepalive: leaving === true,
        credentials: "same-origin",
      });
      if (response.ok) accept(await response.json());
      else if (response.status === 409) stop("This was changed somewhere else. Press a button below to see both versions: nothing is lost.");
      else if ([400, 401, 403].includes(response.status)) stop("You have been signed out. Press a button below: you can sign in, and your text comes back.");
      else if (response.status === 422) say((await response.json()).message, true);
      else retry = true;
    } catch {
      retry = true;
    }
    saving = false;
    if (retry) {
      changed = true;
      say("Not saved yet. Trying again…", true);
      later(wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    } else if (changed && !stopped) later(PAUSE);
  }

  form.addEventListener("input", () => {
    changed = true;
    if (!stopped) later(PAUSE);
  });
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  window.addEventListener("online", () => save());
}
