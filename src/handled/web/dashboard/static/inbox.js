// What the inbox does beyond links and forms: keys, drafts, the newest words in sight. Nothing of it is needed.
"use strict";
{
  const find = (what) => document.querySelector(what);
  const box = () => find("#message");
  const draftKey = () => "draft:" + find("#composer")?.dataset.conversation;

  // What is being written survives a look at another conversation, and whoever else acts meanwhile.
  const keep = () => {
    const field = box();
    if (field?.value) sessionStorage.setItem(draftKey(), field.value);
    else if (field) sessionStorage.removeItem(draftKey());
  };
  const restore = () => {
    const field = box();
    if (field && !field.value) field.value = sessionStorage.getItem(draftKey()) ?? "";
  };
  addEventListener("input", (event) => event.target.id === "message" && keep());

  // Whoever reads the end goes on reading the end.
  const transcript = find("#transcript");
  const pane = () => (transcript && getComputedStyle(transcript).overflowY === "auto" ? transcript : document.scrollingElement);
  const toEnd = () => {
    if (pane() === transcript) transcript.scrollTop = transcript.scrollHeight;
    else find("#end")?.scrollIntoView({ block: "end" });
  };
  let atEnd = true;
  const look = () => {
    const end = pane();
    if (end === transcript) atEnd = end.scrollHeight - end.scrollTop - end.clientHeight < 80;
    else atEnd = find("#end").getBoundingClientRect().bottom < innerHeight + 160;
  };
  if (transcript) {
    transcript.addEventListener("scroll", look, { passive: true });
    addEventListener("scroll", look, { passive: true });
    new MutationObserver(() => atEnd && toEnd()).observe(find(".talk"), { childList: true, subtree: true });
    restore();
    toEnd();
  }

  // An answer is sent once, and is no draft any more; whoever wrote it writes on.
  let writing = false;
  addEventListener(
    "submit",
    (event) => {
      const field = box();
      if (event.target.id !== "reply-form") return;
      if (field.readOnly) return event.stopPropagation(), event.preventDefault();
      writing = document.activeElement === field;
      field.readOnly = true;
      sessionStorage.removeItem(draftKey());
    },
    true,
  );
  document.addEventListener("htmx:finally:request", () => box() && (box().readOnly = false));
  document.addEventListener("htmx:after:swap", () => {
    if (find("#composer-problem") && box()?.value) keep();
    else restore();
    if (writing) box()?.focus({ preventScroll: true });
  });

  addEventListener("click", (event) => {
    const saved = event.target.closest("[data-insert]");
    if (!saved || !box()) return;
    event.preventDefault();
    const field = box();
    field.setRangeText(saved.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    saved.closest("details").open = false;
    field.focus();
    keep();
  });

  const rows = () => [...document.querySelectorAll(".line-of")];
  const step = (by) => {
    const all = rows();
    const now = all.indexOf(document.activeElement);
    const here = now >= 0 ? now : all.findIndex((each) => each.ariaCurrent === "true");
    all[Math.min(all.length - 1, Math.max(0, here + by))]?.focus();
  };
  const press = (what) => find(what)?.click();
  const keys = find("#keys");
  const help = () => keys.open || keys.showModal();
  const does = {
    j: () => step(1),
    k: () => step(-1),
    r: () => (box() ? box().focus() : find("#take-over")?.focus()),
    t: () => press("#take-over"),
    h: () => press("#hand-back"),
    e: () => press("#resolve"),
    "/": () => find("#q").focus(),
    "?": help,
  };
  const used = find("#use-keys");
  used.checked = localStorage.getItem("inbox-keys") !== "off";
  used.addEventListener("change", () => localStorage.setItem("inbox-keys", used.checked ? "on" : "off"));
  find("#show-keys").hidden = false;
  find("#show-keys").addEventListener("click", help);

  addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (at.id === "message" && event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (at.value.trim()) at.form.requestSubmit(at.form.querySelector("[type=submit]"));
      return;
    }
    if (at.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]")) {
      if (event.key === "Escape") at.blur();
      return;
    }
    if (keys.open || !used.checked || event.repeat || !does[event.key]) return;
    event.preventDefault();
    does[event.key]();
  });
}
