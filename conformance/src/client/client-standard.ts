import type { Sentence } from "../case.ts";
import { standard as parsing } from "../standard.ts";

type ConnectionSentence =
  | "idl"
  | "urlFailure"
  | "encodingParse"
  | "url"
  | "withCredentials"
  | "credentials"
  | "readyState"
  | "close"
  | "handlers"
  | "request"
  | "accept"
  | "cacheMode"
  | "endOfBody"
  | "networkError"
  | "failure"
  | "fetch"
  | "announce"
  | "announceThenInterpret"
  | "reestablishState"
  | "reestablishClosed"
  | "wait"
  | "waitMore"
  | "sameRequest"
  | "sendId"
  | "again"
  | "fail"
  | "noReconnection"
  | "taskSource"
  | "noDelay"
  | "origin"
  | "dispatchUnlessClosed";

/** What WHATWG HTML 9.2.2 to 9.2.6 say of clients, besides how streams are parsed. */
const connection: Readonly<Record<ConnectionSentence, Sentence>> = {
  idl: {
    anchor: "the-eventsource-interface",
    quote: "constructor(USVString url, optional EventSourceInit eventSourceInitDict = {});",
  },
  urlFailure: { anchor: "dom-eventsource", quote: 'If urlRecord is failure, then throw a "SyntaxError" DOMException.' },
  encodingParse: {
    anchor: "dom-eventsource",
    quote: "Let urlRecord be the result of encoding-parsing a URL given url, relative to settings.",
  },
  url: {
    anchor: "dom-eventsource-url",
    quote: "The url attribute's getter must return the serialization of this EventSource object's url.",
  },
  withCredentials: {
    anchor: "dom-eventsource-withcredentials",
    quote:
      "The withCredentials attribute must return the value to which it was last initialized. When the object is created, it must be initialized to false.",
  },
  credentials: {
    anchor: "dom-eventsource",
    quote:
      "If the value of eventSourceInitDict's withCredentials member is true, then set corsAttributeState to Use Credentials and set ev's withCredentials attribute to true.",
  },
  readyState: {
    anchor: "dom-eventsource-readystate",
    quote: "When the object is created, its readyState must be set to CONNECTING (0).",
  },
  close: {
    anchor: "dom-eventsource-close",
    quote:
      "The close() method must abort any instances of the fetch algorithm started for this EventSource object, and must set the readyState attribute to CLOSED.",
  },
  handlers: {
    anchor: "dom-eventsource-close",
    quote:
      "The following are the event handlers (and their corresponding event handler event types) that must be supported, as event handler IDL attributes, by all objects implementing the EventSource interface",
  },
  request: {
    anchor: "dom-eventsource",
    quote:
      "Let request be the result of creating a potential-CORS request given urlRecord, the empty string, and corsAttributeState.",
  },
  accept: {
    anchor: "dom-eventsource",
    quote: "User agents may set (`Accept`, `text/event-stream`) in request's header list.",
  },
  cacheMode: { anchor: "dom-eventsource", quote: 'Set request\'s cache mode to "no-store".' },
  endOfBody: { anchor: "dom-eventsource", quote: "if res is not a network error, then reestablish the connection." },
  networkError: {
    anchor: "dom-eventsource",
    quote:
      "Otherwise, if res is a network error, then reestablish the connection, unless the user agent knows that to be futile, in which case the user agent may fail the connection.",
  },
  failure: {
    anchor: "dom-eventsource",
    quote:
      "Otherwise, if res's status is not 200, or if res's `Content-Type` is not `text/event-stream`, then fail the connection.",
  },
  fetch: {
    anchor: "dom-eventsource",
    quote: "Fetch request, with processResponseEndOfBody set to processEventSourceEndOfBody",
  },
  announce: {
    anchor: "announce-the-connection",
    quote:
      "the user agent must queue a task which, if the readyState attribute is set to a value other than CLOSED, sets the readyState attribute to OPEN and fires an event named open at the EventSource object.",
  },
  announceThenInterpret: {
    anchor: "dom-eventsource",
    quote: "Otherwise, announce the connection and interpret res's body line by line.",
  },
  reestablishState: {
    anchor: "reestablish-the-connection",
    quote: "Set the readyState attribute to CONNECTING. Fire an event named error at the EventSource object.",
  },
  reestablishClosed: {
    anchor: "reestablish-the-connection",
    quote: "If the EventSource object's readyState attribute is not set to CONNECTING, then return.",
  },
  wait: {
    anchor: "reestablish-the-connection",
    quote: "Wait a delay equal to the reconnection time of the event source.",
  },
  waitMore: {
    anchor: "reestablish-the-connection",
    quote:
      "Optionally, wait some more. In particular, if the previous attempt failed, then user agents might introduce an exponential backoff delay to avoid overloading a potentially already overloaded server.",
  },
  sameRequest: { anchor: "reestablish-the-connection", quote: "Let request be the EventSource object's request." },
  sendId: {
    anchor: "reestablish-the-connection",
    quote:
      "If the EventSource object's last event ID string is not the empty string, then: Let lastEventIDValue be the EventSource object's last event ID string, encoded as UTF-8. Set (`Last-Event-ID`, lastEventIDValue) in request's header list.",
  },
  again: {
    anchor: "reestablish-the-connection",
    quote:
      "Fetch request and process the response obtained in this fashion, if any, as described earlier in this section.",
  },
  fail: {
    anchor: "fail-the-connection",
    quote:
      "the user agent must queue a task which, if the readyState attribute is set to a value other than CLOSED, sets the readyState attribute to CLOSED and fires an event named error at the EventSource object.",
  },
  noReconnection: {
    anchor: "fail-the-connection",
    quote: "Once the user agent has failed the connection, it does not attempt to reconnect.",
  },
  taskSource: {
    anchor: "sse-processing-model",
    quote: "The task source for any tasks that are queued by EventSource objects is the remote event task source.",
  },
  noDelay: {
    anchor: "parsing-an-event-stream",
    quote:
      "Since connections established to remote servers for such resources are expected to be long-lived, UAs should ensure that appropriate buffering is used.",
  },
  origin: {
    anchor: "dispatchMessage",
    quote:
      "Initialize event's type attribute to \"message\", its data attribute to data, its origin to the origin of the event stream's final URL (i.e., the URL after redirects), and its lastEventId attribute to the last event ID string of the event source.",
  },
  dispatchUnlessClosed: {
    anchor: "dispatchMessage",
    quote:
      "Queue a task which, if the readyState attribute is set to a value other than CLOSED, dispatches the newly created event at the EventSource object.",
  },
};

/** The sentences that clients are held to. */
export const standard: Readonly<Record<keyof typeof parsing | ConnectionSentence, Sentence>> = {
  ...parsing,
  ...connection,
};

/** A sentence of the part of launchdarkly/sse-contract-tests that tells of one capability. */
export function launchDarkly(fragment: string, quote: string): Sentence {
  return { anchor: `sse-contract-tests#${fragment}`, quote };
}
