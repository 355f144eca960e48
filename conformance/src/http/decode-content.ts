import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** Decodes a content coding as its bytes come, so that what was flushed is seen. */
export function decodeContent(
  coding: string,
  { onBytes, onFault }: { onBytes(bytes: Uint8Array): void; onFault(fault: string): void },
): { write(bytes: Uint8Array): void; end(ended: () => void): void } {
  const decoder = decoderOf(coding);
  if (decoder === undefined) {
    onFault(`the content has the coding ${JSON.stringify(coding)}`);
    return { write: onBytes, end: (ended) => ended() };
  }
  decoder.on("data", onBytes);
  decoder.on("error", (error) => onFault(`the content is no ${coding}: ${error.message}`));
  return {
    write: (bytes) => void decoder.write(bytes),
    end: (ended) => {
      decoder.once("close", ended);
      decoder.end();
    },
  };
}

function decoderOf(coding: string): ReturnType<typeof createGunzip> | undefined {
  const cutShort = { finishFlush: constants.Z_SYNC_FLUSH };
  if (coding === "gzip" || coding === "x-gzip") return createGunzip(cutShort);
  if (coding === "deflate") return createInflate(cutShort);
  if (coding === "br") return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
  return undefined;
}
