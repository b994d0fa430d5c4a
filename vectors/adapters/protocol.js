// One JSON object per line in, one per line out. Shared by the JavaScript adapters; changes no data.
"use strict";

const readline = require("readline");

class Refused extends Error {}
class Unsupported extends Error {}

const bytes = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const hex = (data) => Buffer.from(data).toString("hex");

function verdict(accepted) {
  if (!accepted) throw new Refused();
}

/// Identifiers are strings in these libraries: only those that are UTF-8 can be handed over.
function text(id) {
  const made = Buffer.from(id, "hex").toString("utf8");
  if (Buffer.from(made, "utf8").toString("hex") !== id) throw new Unsupported();
  return made;
}

function reply(handlers, question) {
  const answer = { id: question.id };
  const handler = handlers[question.operation];
  try {
    if (!handler) throw new Unsupported();
    const output = handler(question.input);
    answer.result = "valid";
    if (output !== undefined && output !== null) answer.output = output;
  } catch (error) {
    if (error instanceof Refused) answer.result = "invalid";
    else if (error instanceof Unsupported) answer.result = "unsupported";
    else {
      // an exception is no verdict, and is reported as what it is
      answer.result = "error";
      answer.reason = String(error).slice(0, 200);
    }
  }
  return answer;
}

function serve(about, handlers) {
  const all = { ...handlers, about: () => about };
  readline.createInterface({ input: process.stdin }).on("line", (line) => {
    process.stdout.write(JSON.stringify(reply(all, JSON.parse(line))) + "\n");
  });
}

/// The version of an installed package: beside its entry point or in a folder above.
function versionOf(name) {
  const path = require("path");
  const fs = require("fs");
  let folder = path.dirname(require.resolve(name));
  while (folder !== path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (fs.existsSync(file)) {
      const found = JSON.parse(fs.readFileSync(file, "utf8"));
      if (found.name === name) return found.version;
    }
    folder = path.dirname(folder);
  }
  return "unknown";
}

module.exports = { Refused, Unsupported, bytes, hex, verdict, text, serve, versionOf };
