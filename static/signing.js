// Lets a signing widget of this installation answer a text to sign; docs/login.md is its manual.
// Without it, or without scripts, the file and the field are there.
(() => {
  "use strict";
  const bytes = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const base64 = (data) => {
    if (typeof data === "string") return data.trim();
    let text = "";
    for (const byte of new Uint8Array(data)) text += String.fromCharCode(byte);
    return btoa(text);
  };

  const sign = async (place, widget, button) => {
    const content = bytes(place.dataset.content);
    button.disabled = true;
    try {
      const signature = await widget.sign({
        content,
        text: new TextDecoder().decode(content),
        sha256: place.dataset.sha256,
        language: document.documentElement.lang,
      });
      if (!signature) return; // the person changed their mind
      const field = place.querySelector("textarea[name=signature]");
      field.value = base64(signature);
      place.querySelector("input[name=signature_file]").value = "";
      field.form.requestSubmit();
    } catch (problem) {
      document.getElementById("announce").textContent = String(problem.message || problem);
      button.title = String(problem.message || problem);
    } finally {
      button.disabled = false;
    }
  };

  window.dozirSigning = Object.freeze({
    version: 1,
    // { label: "…" or { uk: "…", en: "…" }, sign: async ({ content, text, sha256, language }) => Base64 or bytes }
    register(widget) {
      for (const place of document.querySelectorAll("[data-signing]")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-primary";
        const label = widget.label;
        button.textContent = typeof label === "string" ? label : label[document.documentElement.lang];
        button.addEventListener("click", () => sign(place, widget, button));
        place.querySelector("[data-widgets]").append(button);
      }
    },
  });
})();
