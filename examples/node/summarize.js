// Asks a Svodka server for the summaries of an article and prints them with the ledger of its figures.
//
//   node summarize.js ARTICLE.txt [--target HOST:PORT] [--timeout SECONDS] [--tls-ca FILE [--tls-cert FILE --tls-key FILE]] [--token-file FILE]
//
// Exit status: 0 done; 1 the server answered with an error, or none can be reached; 2 wrong usage.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const PROTOS = fileURLToPath(new URL("../../protos", import.meta.url));

// gRPC itself makes a call again that found no room or no server, when the server says so, else after a backoff; the deadline bounds it all.
const SERVICE_CONFIG = JSON.stringify({
  methodConfig: [
    {
      name: [{ service: "svodka.v1.SummaryService" }],
      retryPolicy: {
        maxAttempts: 5,
        initialBackoff: "0.25s",
        maxBackoff: "5s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
      },
    },
  ],
});

const CHANNEL_OPTIONS = {
  "grpc.service_config": SERVICE_CONFIG,
  // An article of the largest size comes back with its sentences and ledger.
  "grpc.max_receive_message_length": 64 * 1024 * 1024,
};

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      target: { type: "string", default: "127.0.0.1:50051" },
      timeout: { type: "string", default: "300" },
      "tls-ca": { type: "string" },
      "tls-cert": { type: "string" },
      "tls-key": { type: "string" },
      "token-file": { type: "string" },
    },
  });
  if (positionals.length !== 1) throw new Error("give one ARTICLE.txt");
  const timeout = Number(values.timeout);
  if (!(timeout > 0)) throw new Error("--timeout is a number of seconds");
  if (values["token-file"] && !values["tls-ca"] && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):\d+$/.test(values.target)) {
    throw new Error("the token would leave this machine in plaintext; give --tls-ca");
  }
  return { ...values, timeout, file: positionals[0] };
}

function credentials(given) {
  if (!given["tls-ca"]) return grpc.credentials.createInsecure();
  const read = (name) => (given[name] ? readFileSync(given[name]) : null);
  return grpc.credentials.createSsl(read("tls-ca"), read("tls-key"), read("tls-cert"));
}

function metadata(given) {
  const sent = new grpc.Metadata();
  if (given["token-file"]) sent.set("authorization", `Bearer ${readFileSync(given["token-file"], "ascii").trim()}`);
  return sent;
}

function connect(given) {
  const definition = loadSync("svodka/v1/summary_service.proto", { includeDirs: [PROTOS], enums: String, defaults: true });
  const { SummaryService } = grpc.loadPackageDefinition(definition).svodka.v1;
  return new SummaryService(given.target, credentials(given), CHANNEL_OPTIONS);
}

function summarize(client, request, given) {
  const deadline = new Date(Date.now() + 1000 * given.timeout);
  return new Promise((resolve, reject) => {
    client.Summarize(request, metadata(given), { deadline }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

function print(answer) {
  for (const { language, text } of answer.summaries) console.log(`${language}: ${text}\n`);
  for (const { kind, value, unit, occurrences, relations } of answer.ledger) {
    const places = occurrences.map(({ where, text }) => `${where} "${text}"`);
    const said = relations.map(({ hop, relation, reason }) => [hop, relation, reason].filter(Boolean).join(" "));
    console.log([kind, `${value} ${unit}`.trim(), places.join(", "), ...said].join(" | "));
  }
  console.log(`\n${[answer.verdict, ...answer.reasons].join("; ")}`);
}

let given;
try {
  given = options();
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
const client = connect(given);
try {
  print(await summarize(client, { text: readFileSync(given.file, "utf8") }, given));
} catch (error) {
  console.error(error.message); // of a status: its number, its name and the server's text
  process.exitCode = 1;
} finally {
  client.close();
}
