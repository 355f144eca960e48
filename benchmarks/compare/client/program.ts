// One client in a process of its own: `program.ts <client> <url>` counts what it gets once it is warm.
import process from "node:process";
import { answerTasks } from "../child-program.ts";
import { clients } from "./clients.ts";

const WARM_UP = 400;
const MEASURED = 1000;

const [, , name = "", url = ""] = process.argv;
const open = clients[name];
if (open === undefined) throw new Error(`Cannot find the client ${name}: see clients.ts`);

let events = 0;
let characters = 0;
const take = (data: string): void => {
  events += 1;
  characters += data.length;
};

answerTasks({}, async () => {
  await open(url, take);
  await passed(WARM_UP);
  const [before, cpu] = [events, process.cpuUsage()];
  await passed(MEASURED);
  const { user, system } = process.cpuUsage(cpu);
  const counted = events - before;
  if (counted === 0 || characters / events < 20)
    throw new Error(`Cannot measure ${name}: it delivered ${counted} events`);
  return { perSecond: counted / ((user + system) / 1e6) };
});

/** By the timer's own turn, so that a client that never rests is measured too, if later. */
function passed(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}
