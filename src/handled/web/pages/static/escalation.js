// Without this script the page still works: it only shows what was said meanwhile when it is opened again.
"use strict";
const said = document.getElementById("said");
const changed = document.getElementById("changed");

function line(message) {
  const item = document.createElement("li");
  item.className = message.role;
  item.dataset.position = message.position;
  const by = document.createElement("p");
  by.className = "by";
  const who = document.createElement("bdi");
  who.textContent = message.who;
  const at = document.createElement("span");
  at.textContent = message.at;
  by.append(who, " ", at);
  const words = document.createElement("p");
  words.className = "words";
  words.textContent = message.content;
  item.append(by, words);
  return item;
}

async function look() {
  try {
    const shown = [...said.children].map((each) => Number(each.dataset.position));
    const answer = await fetch(`${said.dataset.ask}?after=${Math.max(0, ...shown)}`, { cache: "no-store" });
    if (answer.ok) {
      const now = await answer.json();
      said.append(...now.messages.map(line));
      changed.hidden = now.state === said.dataset.state;
    }
  } catch {
    // No network at the moment: look again later.
  }
  setTimeout(look, document.hidden ? 15000 : 3000);
}
setTimeout(look, 3000);
