// Without this script the pay page still works: it only looks again by itself.
"use strict";
const shown = document.querySelector("[data-state]");
if (shown?.dataset.ask) {
  let pause = 1500;
  const look = async () => {
    try {
      const answer = await fetch(shown.dataset.ask, { cache: "no-store" });
      if (answer.ok && (await answer.json()).state !== shown.dataset.state) return location.reload();
    } catch {
      // No network at the moment: look again later.
    }
    pause = Math.min(pause * 1.3, 15000);
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}
if (shown?.dataset.until) {
  const left = new Date(shown.dataset.until) - Date.now();
  if (left > 0 && left < 86400000) setTimeout(() => location.reload(), left + 2000);
}
