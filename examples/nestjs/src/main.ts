import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.js";

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { cors: true, logger: ["error"] });
  await app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
  console.log((await app.getUrl()).replace("[::1]", "127.0.0.1"));
}

void main();
