// The live page: one native EventSource on /live, rows of text, and a form that posts to the Mercure endpoint.

const ENDPOINT = "/.well-known/mercure";
const MAX_ROWS = 200;
/** After this many ms a connection that the browser gave up is opened again. */
const REOPEN_AFTER = 3000;

const GAP_REASONS = {
  expired: "the hub no longer keeps what was published meanwhile",
  overrun: "the hub dropped events before they could be sent",
  unknown: "the hub doesn't know where this page stopped reading",
  foreign: "the hub was started anew and its log with it",
  "rolled-back": "the hub's log was set back",
  ahead: "this page had read further than the hub's log goes",
  skipped: "the hub skipped events that this page was too slow for",
};

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

const byId = (id) => document.getElementById(id);
const rows = byId("rows");
const pause = byId("pause");
const form = byId("form");

/** Rows that wait for the next frame, or, while paused, for the reader. */
let waiting = [];
let frame = 0;
let lastEventId = "";

connect();
listenToControls();
showCommands();

function connect() {
  // The browser resumes by itself; a cursor in the URL is for the connection that this page has to open anew.
  const source = new EventSource(
    lastEventId === "" ? "/live" : `/live?last_event_id=${encodeURIComponent(lastEventId)}`,
  );
  source.onopen = () => showState("open", "Live");
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return showState("connecting", "Reconnecting");
    showState("closed", "Disconnected, trying again");
    setTimeout(connect, REOPEN_AFTER);
  };
  source.onmessage = (message) => {
    lastEventId = message.lastEventId;
    add(eventRow({ ...JSON.parse(message.data), id: message.lastEventId }));
  };
  source.addEventListener("ssekit.cursor", (message) => {
    lastEventId = message.lastEventId;
  });
  source.addEventListener("ssekit.gap", (message) => {
    lastEventId = message.lastEventId;
    add(gapRow(JSON.parse(message.data).reason));
  });
  source.addEventListener("stats", (message) => showStats(JSON.parse(message.data)));
}

function listenToControls() {
  pause.addEventListener("click", () => {
    const paused = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(paused));
    draw();
  });
  byId("clear").addEventListener("click", () => {
    waiting = [];
    rows.replaceChildren();
    byId("empty").hidden = false;
    draw();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void publish();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

async function publish() {
  const fields = new URLSearchParams(new FormData(form));
  const result = byId("result");
  const answer = await fetch(ENDPOINT, { method: "POST", body: fields }).then(
    async (response) => ({ ok: response.ok, text: (await response.text()).trim() }),
    () => ({ ok: false, text: "The hub can't be reached" }),
  );
  const as = fields.has("private") ? "Published, to nobody here, as" : "Published as";
  result.toggleAttribute("data-refused", !answer.ok);
  result.textContent = answer.ok ? `${as} ${answer.text}` : answer.text;
}

function add(row) {
  waiting.push(row);
  if (waiting.length > MAX_ROWS) waiting.shift();
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  const paused = pause.getAttribute("aria-pressed") === "true";
  if (paused) {
    pause.textContent = waiting.length === 0 ? "Resume" : `Resume (${waiting.length})`;
    return;
  }
  pause.textContent = "Pause";
  if (waiting.length === 0) return;
  rows.prepend(...waiting.reverse());
  waiting = [];
  while (rows.childElementCount > MAX_ROWS) rows.lastElementChild.remove();
  byId("empty").hidden = true;
}

function eventRow({ type, data, topics, at, id }) {
  const row = document.createElement("li");
  const about = element("div", "about");
  about.append(element("span", "topic", topics?.join(", ") ?? "(topic no longer known)"));
  if (type !== "message") about.append(element("span", "type", type));
  row.append(timeOf(at), about, element("span", "id", id), element("div", "data", data));
  return row;
}

function gapRow(reason) {
  const row = element("li", "gap");
  const about = element("div", "about");
  about.append(element("span", "topic", "Gap"), element("span", "type", reason));
  const why = GAP_REASONS[reason] ?? "the hub can't tell what was missed";
  row.append(timeOf(), about, element("div", "data", `Events may be missing here: ${why}.`));
  return row;
}

function timeOf(at = Date.now()) {
  const date = new Date(at);
  const time = element("time", "", clock.format(date));
  time.dateTime = date.toISOString();
  return time;
}

function showStats({ connections, events, topics, topicCount }) {
  byId("connections").textContent = connections;
  byId("event-count").textContent = events;
  byId("topic-count").textContent = topicCount;
  byId("no-topics").hidden = topics.length > 0;
  byId("topics").querySelector("table").hidden = topics.length === 0;
  byId("topic-rows").replaceChildren(...topics.map(topicRow));
}

function topicRow({ name, readers, events }) {
  const row = document.createElement("tr");
  const head = element("th", "", name);
  head.scope = "row";
  row.append(head, element("td", "", readers), element("td", "", events ?? "–"));
  return row;
}

function showState(state, text) {
  const shown = byId("state");
  shown.dataset.state = state;
  shown.textContent = text;
}

function showCommands() {
  const url = new URL(ENDPOINT, location.href);
  byId("curl-publish").textContent = `curl -d topic=news --data-urlencode data='Hello world!' ${url}`;
  byId("curl-subscribe").textContent = `curl -N '${url}?match=news'`;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}
