import type { INestApplication } from "@nestjs/common";
import { Test } from "@nestjs/testing";
import { readEvents } from "ssekit/server/testing";
import { AppModule } from "./app.module.js";

let app: INestApplication;

beforeAll(async () => {
  app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();
  await app.listen(0, "127.0.0.1");
});
afterAll(() => app.close());

it("says hello", async () => {
  const [event] = await readEvents(`${await app.getUrl()}/hello`, { count: 1 });
  expect(event).toMatchObject({ type: "message", data: "Hello world!" });
});
