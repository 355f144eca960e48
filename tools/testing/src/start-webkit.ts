import { freePort } from "./free-port.ts";
import { startProgram } from "./program.ts";

/** One page of WebKit. */
export interface WebKitPage {
  /** Opens a URL, until it has loaded. */
  goto(url: string): Promise<void>;
  /** Evaluates an expression in the page, and waits for its promise. */
  evaluate<T>(expression: string): Promise<T>;
  /** Ends the browser. */
  close(): Promise<void>;
}

/** Starts WebKitGTK on a display of its own, from the path that `describeWith("WebKitWebDriver", ...)` gives. */
export async function startWebKit(path: string): Promise<WebKitPage> {
  const port = await freePort();
  // It picks a display that is free, and says which.
  const display = await startProgram(["Xvfb", "-displayfd", "1", "-nolisten", "tcp"], { until: /^(\d+)$/m });
  const driver = await startProgram(["sh", "-c", `echo started; exec ${path} --port=${port} --host=127.0.0.1`], {
    until: /started/,
    env: { DISPLAY: `:${display.match[1]}` },
  });
  const origin = `http://127.0.0.1:${port}`;
  const ask = async (method: string, route: string, body?: object): Promise<unknown> => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(origin + route, init);
    const { value } = (await response.json()) as { value: { message?: string } };
    if (!response.ok) throw new Error(`Cannot drive WebKit: ${method} ${route} answers ${value?.message}`);
    return value;
  };
  const until = Date.now() + 60_000;
  // It listens some time after it was started, and says so nowhere.
  while (
    !(await ask("GET", "/status").then(
      () => true,
      () => Date.now() > until,
    ))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { sessionId } = (await ask("POST", "/session", {
    capabilities: { alwaysMatch: { acceptInsecureCerts: true } },
  })) as { sessionId: string };
  const session = `/session/${sessionId}`;
  await ask("POST", `${session}/timeouts`, { script: 60_000 });
  return {
    goto: async (url) => void (await ask("POST", `${session}/url`, { url })),
    evaluate: async <T>(expression: string) => {
      const script = `const done = arguments[0]; Promise.resolve(${expression}).then(done, (error) => done({ thrown: String(error) }));`;
      const value = (await ask("POST", `${session}/execute/async`, { script, args: [] })) as T & { thrown?: string };
      if (value?.thrown !== undefined) throw new Error(`Cannot evaluate ${expression}: ${value.thrown}`);
      return value;
    },
    // The browser ends with its display, whatever it is doing.
    close: async () => void (await Promise.all([display.stop(), driver.stop()])),
  };
}
