// The brand page shows at once what is chosen, and snippets copy themselves.
"use strict";

{
  const frame = document.querySelector("#preview-frame");
  const form = document.querySelector("#brand");
  let waiting;

  const preview = () => {
    const { color, logo_url, greeting } = form.elements;
    const asked = new URLSearchParams({ color: color.value, logo_url: logo_url.value, greeting: greeting.value.slice(0, 600) });
    // Replaced, not visited: "back" leads to the page before, not to another colour.
    frame.contentWindow.location.replace(`/dashboard/settings/preview?${asked}`);
  };
  form?.addEventListener("input", ({ target }) => {
    if (target.dataset.colorOf) form.elements[target.dataset.colorOf].value = target.value;
    else if (target.name === "color" && /^#[0-9a-f]{6}$/i.test(target.value))
      form.querySelector("[data-color-of]").value = target.value;
    clearTimeout(waiting);
    waiting = setTimeout(preview, 400);
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = before), 2000);
  });
}
