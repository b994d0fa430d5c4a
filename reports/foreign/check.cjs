// Asks packages of other projects about one format. The last line says what they said; exit 1 if they refuse.
const fs = require('node:fs');
const path = require('node:path');

const [format, run] = process.argv.slice(2);
const text = (name) => fs.readFileSync(path.join(run, name), 'utf8');
const record = JSON.parse(text('run.json'));
const fail = (message) => { console.error(message); process.exit(1); };

async function ctrf() {
  const lib = await load('ctrf');
  const report = JSON.parse(text('ctrf.json'));
  if (lib.validateStrict) lib.validateStrict(report);
  else if (lib.validateReportStrict) lib.validateReportStrict(report);
  else fail(`ctrf exports no strict validation: ${Object.keys(lib).join(' ')}`);
  const { summary, tests } = report.results;
  if (summary.tests !== tests.length) fail('the summary counts other tests');
  return `${tests.length} tests, ${summary.passed} passed, ${summary.failed} failed`;
}

async function earl() {
  const jsonld = await load('jsonld');
  const offline = (url) => { throw new Error(`it wants ${url} from the network`); };
  const document = JSON.parse(text('earl.jsonld'));
  await jsonld.expand(document, { documentLoader: offline, safe: true });
  const quads = await jsonld.toRDF(document, { documentLoader: offline, safe: true, format: 'application/n-quads' });
  const outcome = '<http://www.w3.org/ns/earl#outcome>';
  const lines = quads.trim().split('\n');
  const outcomes = lines.filter((line) => line.includes(outcome)).length;
  if (outcomes !== record.requirements.length) fail(`${outcomes} outcomes for ${record.requirements.length} requirements`);
  return `${lines.length} statements, ${outcomes} outcomes`;
}

async function messages() {
  const Ajv = require('ajv/dist/2020');
  const schema = JSON.parse(fs.readFileSync(find('@cucumber/messages', 'messages.schema.json'), 'utf8'));
  const validate = new (Ajv.default ?? Ajv)({ strict: false, allErrors: false }).compile(schema);
  const lines = text('messages.ndjson').trim().split('\n');
  lines.forEach((line, index) => {
    if (!validate(JSON.parse(line))) fail(`line ${index + 1}: ${JSON.stringify(validate.errors.slice(0, 3))}`);
  });
  const { parseEnvelope } = await load('@cucumber/messages');
  const formatter = await load('@cucumber/html-formatter');
  const Stream = formatter.CucumberHtmlStream ?? formatter.default?.CucumberHtmlStream ?? formatter.default;
  const out = path.join(run, 'cucumber.html');
  const stream = new Stream();
  const file = fs.createWriteStream(out);
  stream.pipe(file);
  for (const line of lines) stream.write(parseEnvelope(line));
  stream.end();
  await new Promise((done, failed) => { file.on('finish', done); stream.on('error', failed); });
  return `${lines.length} messages; cucumber.html has ${fs.statSync(out).size} bytes`;
}

async function har() {
  const validator = await load('har-validator');
  const document = JSON.parse(text('exchanges.har'));
  try {
    await validator.har(document);
  } catch (error) {
    fail(JSON.stringify(error.errors?.slice(0, 5) ?? String(error)));
  }
  return `${document.log.entries.length} entries, ${document.log.pages.length} pages`;
}

// Packages are looked for in NODE_PATH, which import() does not read.
function find(name, file) {
  const folders = (process.env.NODE_PATH ?? '').split(path.delimiter);
  const found = folders.map((folder) => path.join(folder, name, file)).find((one) => fs.existsSync(one));
  return found ?? fail(`${name} is not installed`);
}
async function load(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM' && error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    const manifest = JSON.parse(fs.readFileSync(find(name, 'package.json'), 'utf8'));
    const entry = manifest.exports?.['.']?.import ?? manifest.module ?? manifest.main;
    const file = typeof entry === 'string' ? entry : entry.default;
    return import(path.join(path.dirname(find(name, 'package.json')), file));
  }
}

({ ctrf, earl, messages, har })[format]().then((line) => console.log(line)).catch((error) => fail(error.stack ?? String(error)));
