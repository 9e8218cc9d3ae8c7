// What every page of the dashboard does beyond links and forms. Nothing here is needed to read or to work.
"use strict";

// A notice goes by itself; whoever rests on it keeps it.
new MutationObserver(() => {
  for (const notice of document.querySelectorAll("#notices .notice:not([data-seen])")) {
    notice.dataset.seen = "";
    const leave = () => (notice.matches(":hover") ? setTimeout(leave, 2000) : notice.remove());
    setTimeout(leave, 6000);
  }
}).observe(document.documentElement, { childList: true, subtree: true });

// An open menu closes with Escape, and when something else is used.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.me[open], details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open], details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});

// Of places and tabs that do not fit, the one that is open can be seen.
for (const list of document.querySelectorAll(".places, .tabs")) {
  const open = list.querySelector("[aria-current]");
  if (open) list.scrollLeft += open.getBoundingClientRect().right + 24 - list.getBoundingClientRect().right;
}

// What cannot be undone is asked once more.
addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});
