// A model's answer that survives a reload. Start it, open http://127.0.0.1:3000/, ask, and reload in the middle.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { createHub } from "ssekit";
import { openEventStream } from "ssekit/node";

const hub = createHub(); // { log: redisLog(client) }, and the reload may reach another machine
const pace = Number(process.env.PACE ?? 200);
let answers = 0;

/** Stands for a model: its words one by one, until it is told to stop. */
async function* model(question: string, signal: AbortSignal): AsyncGenerator<{ data: unknown }> {
  for (const word of `You asked: ${question} That is a good question.`.split(" ")) {
    await setTimeout(pace, undefined, { signal });
    yield { data: { word } };
  }
}

/** POST /answers: begins an answer, which goes on whoever reads it, and gives its number. */
async function ask(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const question = await text(req);
  const topic = `answers/${answers++}`;
  res.end(topic);
  const outcome = await hub.publishAll(topic, (signal) => model(question, signal), { abandonAfter: 60_000 });
  console.log(`${topic}: ${outcome}`);
}

const page = `<!doctype html><title>Answers</title><form><input name="question"><button>Ask</button></form><script>
  onhashchange = () => {
    const source = new EventSource("/" + location.hash.slice(1)); // a break resumes, and a 204 at the end stops it
    source.onmessage = ({ data }) => document.body.append(JSON.parse(data).word + " ");
  };
  if (location.hash) onhashchange();
  document.forms[0].onsubmit = async (event) => {
    event.preventDefault();
    const answer = await fetch("/answers", { method: "POST", body: document.forms[0].question.value });
    location.hash = await answer.text();
  };
</script>`;

const server = createServer((req, res) => {
  const topic = req.url?.slice(1) ?? "";
  const fail = (error: Error): unknown => res.destroy(error);
  if (req.method === "POST") ask(req, res).catch(fail);
  else if (req.method === "DELETE") hub.end(topic).then((id) => res.end(id), fail);
  else if (topic !== "") hub.subscribe(openEventStream(req, res), topic, { from: "start" }).catch(fail);
  else res.writeHead(200, { "content-type": "text/html" }).end(page);
});

server.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" }, () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" ? address?.port : address}`);
});
