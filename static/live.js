// The page Live: one stream of events, a pause, and what came in the meantime.
// Without this file the page is refreshed by hand.
(() => {
  "use strict";
  const LISTED = 20; // as portal/live/state.py has it
  const SILENCE_MS = 45000; // three heartbeats
  const LONGEST_WAIT_MS = 30000;
  const PATIENCE_MS = 4000; // a reconnection this short is not worth a word
  const LISTS = ["batches", "refusals"];
  const byId = (id) => document.getElementById(id);
  let page = null;

  // The figures between two events: how long ago the last batch came.
  function ago(seconds, language) {
    const units = [["second", 1, 60], ["minute", 60, 60], ["hour", 3600, 24], ["day", 86400, Infinity]];
    const [unit, size] = units.find(([, length, most]) => seconds / length < most);
    return new Intl.RelativeTimeFormat(language).format(-Math.floor(seconds / size), unit);
  }

  // Events out of the bytes of a stream; a line may come in pieces.
  async function* eventsOf(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const event = { name: "", data: "", id: null };
        for (const line of block.split("\n")) {
          const [, field, text] = /^(\w*): ?(.*)$/.exec(line) || [];
          if (field === "event") event.name = text;
          else if (field === "data") event.data = text;
          else if (field === "id") event.id = text;
        }
        yield event;
      }
    }
  }

  class Page {
    constructor(root) {
      this.root = root;
      this.words = JSON.parse(byId("live-words").textContent);
      this.state = "";
      this.paused = false;
      this.pointed = false;
      this.lastId = null;
      this.failures = 0;
      this.held = null; // the newest event whose figures wait for the end of a pause
      this.waiting = this.nothing();
      this.heardAt = performance.now();
      this.since();
      for (const list of LISTS) {
        const table = byId(`live-${list}`).closest(".live-list");
        table.addEventListener("pointerenter", () => { this.pointed = true; });
        table.addEventListener("pointerleave", () => { this.pointed = false; this.release(); });
        table.addEventListener("focusout", () => setTimeout(() => this.release()));
      }
      byId("live-pause").addEventListener("click", () => this.pause(!this.paused));
      byId("live-new").addEventListener("click", () => this.showNew());
      this.clock = setInterval(() => this.tick(), 1000);
      this.say("connecting");
      this.visibility();
    }

    nothing() {
      return { whole: false, counts: { batches: 0, refusals: 0 }, rows: { batches: [], refusals: [] } };
    }

    // The stream ---------------------------------------------------------------------------

    // A hidden page asks for nothing; shown again it goes on where it stopped.
    visibility() {
      if (document.hidden) this.rest();
      else if (!this.connection && this.state !== "ended") this.connect();
    }

    disconnect() {
      clearTimeout(this.retry);
      clearTimeout(this.silence);
      this.connection?.abort();
      this.connection = null;
    }

    // Neither connected nor about to be.
    rest() {
      this.disconnect();
      this.calm();
    }

    // A loss is told when it lasts.
    worry() {
      this.patience ||= setTimeout(() => this.say("lost"), PATIENCE_MS);
    }

    calm() {
      clearTimeout(this.patience);
      this.patience = null;
    }

    async connect() {
      this.disconnect();
      const connection = new AbortController();
      this.connection = connection;
      this.worry();
      this.listen();
      const headers = { Accept: "text/event-stream", "HX-Request": "true" };
      if (this.lastId) headers["Last-Event-ID"] = this.lastId;
      try {
        const answer = await fetch(this.root.dataset.events, { headers, signal: connection.signal, cache: "no-store" });
        if (!answer.ok) return this.refused(answer.status);
        this.calm();
        for await (const event of this.heard(answer.body)) {
          if (connection.signal.aborted) return;
          if (event.name === "end" && event.data === "session") return this.end("signed_out");
          this.receive(event);
        }
      } catch {
        // a lost connection: the same as one that has ended
      }
      if (this.connection === connection) this.again();
    }

    // Whatever comes shows that the other end lives, heartbeats too.
    async* heard(body) {
      for await (const event of eventsOf(body)) {
        this.listen();
        yield event;
      }
    }

    listen() {
      clearTimeout(this.silence);
      this.silence = setTimeout(() => this.again(), SILENCE_MS);
    }

    refused(status) {
      if (status === 401) return this.end("signed_out");
      if (status === 429) return this.end("many");
      if (status >= 500) return this.again();
      return this.end("gone");
    }

    again() {
      this.disconnect();
      this.failures += 1;
      const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.failures) * (0.5 + Math.random() / 2);
      this.retry = setTimeout(() => this.connect(), this.failures === 1 ? Math.random() * 1000 : wait);
      this.worry();
    }

    end(word) {
      this.rest();
      this.say("ended", this.words[word]);
    }

    receive(event) {
      if (event.id) this.lastId = event.id;
      if (event.name === "stale") {
        this.calm();
        return this.say("stale");
      }
      if (event.name !== "live") return undefined;
      this.calm();
      this.failures = 0;
      const news = JSON.parse(event.data);
      this.collect(news);
      if (this.paused) this.held = news;
      else this.figures(news);
      this.say(this.paused ? "paused" : "live");
      return this.release();
    }

    // What is shown ------------------------------------------------------------------------

    figures(news) {
      for (const [id, html] of Object.entries(news.parts)) {
        const part = byId(id);
        if (!part.contains(document.activeElement)) part.innerHTML = html; // the focus would be lost
      }
      this.heardAt = performance.now();
      this.since();
    }

    since() {
      this.sinceText = this.root.querySelector("[data-since]");
      this.sinceSeconds = Number.parseFloat(this.sinceText?.dataset.since);
    }

    tick() {
      if (this.paused || !this.sinceText || Number.isNaN(this.sinceSeconds)) return;
      const seconds = this.sinceSeconds + (performance.now() - this.heardAt) / 1000;
      this.sinceText.textContent = ago(seconds, this.words.language);
    }

    collect(news) {
      if (news.whole) this.waiting = { ...this.nothing(), whole: true };
      LISTS.forEach((list, place) => {
        this.waiting.counts[list] += news.new[place];
        const holder = document.createElement("tbody");
        holder.innerHTML = news[list];
        this.waiting.rows[list] = [...holder.children, ...this.waiting.rows[list]].slice(0, LISTED);
      });
    }

    // Rows do not move under a reader: paused, further down, with the focus or the pointer on them.
    get holding() {
      const lists = LISTS.map((list) => byId(`live-${list}`));
      const away = lists[0].getBoundingClientRect().top < document.querySelector(".top").offsetHeight;
      return this.paused || away || this.pointed || lists.some((list) => list.contains(document.activeElement));
    }

    release() {
      if (this.holding) this.pill();
      else this.showRows();
    }

    showRows() {
      for (const list of LISTS) {
        const shown = byId(`live-${list}`);
        const fresh = this.waiting.rows[list];
        for (const row of fresh) row.classList.toggle("live-fresh", !this.waiting.whole);
        if (this.waiting.whole) shown.replaceChildren();
        shown.prepend(...fresh);
        while (shown.children.length > LISTED) shown.lastElementChild.remove();
      }
      this.waiting = this.nothing();
      this.pill();
    }

    pill() {
      const { counts, whole } = this.waiting;
      const pill = byId("live-new");
      const said = [];
      if (counts.batches) said.push(this.words.new_batches.replace("{count}", counts.batches));
      if (counts.refusals) said.push(this.words.new_refusals.replace("{count}", counts.refusals));
      if (whole && !said.length && this.holding) said.push(this.words.show);
      const hadFocus = pill === document.activeElement;
      pill.hidden = !said.length;
      pill.textContent = said.join(", ");
      if (pill.hidden && hadFocus) byId("live-pause").focus();
    }

    showNew() {
      this.showRows();
      const panel = byId(byId("live-batches").rows.length ? "accepted" : "refused");
      panel.scrollIntoView({ block: "start" });
      byId("live-pause").focus({ preventScroll: true });
    }

    // Pause --------------------------------------------------------------------------------

    pause(paused) {
      this.paused = paused;
      const button = byId("live-pause");
      button.querySelector("span").textContent = this.words[paused ? "resume" : "pause"];
      const sign = button.querySelector("use");
      sign.setAttribute("href", sign.getAttribute("href").replace(/#.*/, paused ? "#play" : "#pause"));
      if (["live", "paused"].includes(this.state)) this.say(paused ? "paused" : "live");
      if (!paused && this.held) {
        this.figures(this.held);
        this.held = null;
      }
      this.release();
    }

    // The state is said when it changes, never an event.
    say(state, words = this.words[state]) {
      if (state === this.state) return;
      this.state = state;
      const place = byId("live-state");
      place.dataset.state = state;
      place.textContent = words;
    }

    close() {
      clearInterval(this.clock);
      this.rest();
    }
  }

  function open() {
    const root = document.querySelector("#live[data-events]");
    if (page?.root === root) return;
    page?.close();
    page = root && new Page(root);
  }

  document.addEventListener("visibilitychange", () => page?.visibility());
  addEventListener("scroll", () => page?.release(), { passive: true });
  addEventListener("pagehide", () => page?.rest());
  addEventListener("pageshow", (event) => { if (event.persisted) page?.visibility(); });
  document.addEventListener("htmx:after:swap", open);
  open();
})();
