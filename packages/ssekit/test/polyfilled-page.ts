import "ssekit/client/polyfill";
