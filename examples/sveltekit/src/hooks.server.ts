import type { Handle } from "@sveltejs/kit";

// What a hook sets on the response goes out with an event stream too.
export const handle: Handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  response.headers.set("access-control-allow-origin", "*");
  return response;
};
