// What the vendored renderer leaves out: a layout without a second main part, names and places in the
// order of Tab for what has none, and its own words in the reader's language.
(() => {
  "use strict";

  // Info, operations, schemas: no servers to choose and no key to give.
  const layout = ({ React: { createElement: element } }) => ({
    components: {
      ReadingLayout: ({ getComponent, specSelectors }) => {
        if (!specSelectors.specStr()) return null;
        const parts = ["InfoContainer", "operations", "Models"];
        return element("div", { className: "swagger-ui" }, element(getComponent("SvgAssets")),
          ...parts.map((name) => element("div", { className: "wrapper", key: name },
            element(getComponent(name, true)))));
      },
    },
  });

  // Its own words stand outside of what the specification says and of code.
  const SAID_BY_US = ".renderedMarkdown:not(.parameter__default, .parameter__enum), pre, code";
  const NAMES = ["aria-label", "title"];

  // A word is never put in its own place: what watches for changes would not come to rest.
  function translate(drawn, words) {
    const texts = document.createTreeWalker(drawn, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      const word = text.data.trim();
      if (Object.hasOwn(words, word) && words[word] !== word && !text.parentElement.closest(SAID_BY_US)) {
        text.data = text.data.replace(word, words[word]);
      }
    }
    for (const name of NAMES) {
      for (const one of drawn.querySelectorAll(`[${name}]`)) {
        const said = one.getAttribute(name);
        if (Object.hasOwn(words, said) && words[said] !== said) one.setAttribute(name, words[said]);
      }
    }
  }

  const set = (one, name, value) => {
    if (one.getAttribute(name) !== value) one.setAttribute(name, value);
  };

  // Attributes that the renderer does not set itself, so that it leaves them as they are.
  function describe(drawn) {
    for (const heading of drawn.querySelectorAll("h1, h4, h5")) {
      set(heading, "aria-level", { H1: "2", H4: "3", H5: "4" }[heading.tagName]);
    }
    for (const block of drawn.querySelectorAll(".opblock")) {
      const about = block.querySelector(".opblock-summary-description")?.textContent ?? "";
      for (const region of block.querySelectorAll("table[role='region']")) set(region, "aria-label", about);
    }
    for (const code of drawn.querySelectorAll("pre")) set(code, "tabindex", "0");
    for (const row of drawn.querySelectorAll("tr[data-param-name]")) {
      for (const field of row.querySelectorAll("select, input")) set(field, "aria-label", row.dataset.paramName);
    }
  }

  // Keeps what is drawn in order, whatever is unfolded; `words` are pairs of English and ours.
  function mend(drawn, words) {
    const once = () => {
      translate(drawn, words);
      describe(drawn);
    };
    once();
    new MutationObserver(once).observe(drawn, { childList: true, subtree: true, characterData: true });
  }

  globalThis.dozirDrawn = { layout, mend };
})();
