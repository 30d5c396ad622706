// Builds static/dist/: styles, script, icon sprite, pictures and fonts under names that hold their hash, and a manifest.
// Run it by `python tools/assets.py`.
import * as esbuild from 'esbuild';
import postcss from 'postcss';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const OUT = 'static/dist';
const BROWSERS = ['chrome105', 'safari15.4', 'firefox121'];
const BUDGETS = {'app.css': 16 * 1024, 'app.js': 8 * 1024}; // bytes after gzip
const ICONS = 'node_modules/@tabler/icons/icons/outline';
const FONTS = {'fira-sans-400.woff2': 'fira-sans-latin-400-normal', 'fira-sans-600.woff2': 'fira-sans-latin-600-normal'};

const LICENCES = 'THIRD-PARTY-LICENSES.txt';

const manifest = {};
const read = file => fs.readFileSync(file, 'utf8');
const files = (folder, pattern) => fs.readdirSync(folder, {recursive: true}).map(name => path.join(folder, name)).filter(name => pattern.test(name)).sort();

function write(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const {name: stem, ext} = path.parse(name);
  manifest[name] = `${stem}-${hash}${ext}`;
  fs.writeFileSync(path.join(OUT, manifest[name]), content);
}

/* tells whether a class is used: its name stands somewhere, or its beginning and its end do (`wb-badge--{{ kind }}`, 'wait') */
function usage() {
  const sources = [...files('templates', /\.html$/), ...files('wijkbudget', /\.py$/), ...files('static/js', /\.js$/)].map(read).join('\n');
  const words = new Set(sources.match(/[\w-]+/g));
  const beginnings = [...words].filter(word => /\w-+$/.test(word));
  return name => words.has(name) || beginnings.some(word => name.startsWith(word) && words.has(name.slice(word.length)));
}

const classes = selector => [...selector.matchAll(/\.((?:\\.|[\w-])+)/g)].map(([, name]) => name.replaceAll('\\', ''));

function refuse(sentence, names) {
  if (names.length) throw new Error(`${sentence}: ${[...new Set(names)].join(' ')}`);
}

/* what we wrote and nobody uses is taken out by hand; only others' styles are made smaller, by the function below */
function requireUse(used) {
  const unused = [];
  for (const file of files('static/css', /\.css$/)) {
    postcss.parse(read(file)).walkRules(({selector}) => unused.push(...classes(selector).filter(name => !used(name))));
  }
  refuse('static/css/ styles classes that no page has', unused);
}

/* drops rules whose classes occur nowhere, what the Content-Security-Policy refuses, and the red of :invalid: a field is
   wrong when the server said so, not because nobody has filled it in yet */
function purge(root, isUsed) {
  const unneeded = /:not\((?:[^()]|\([^()]*\))*\)|:(?:is|where)\((?:[^(),]|\([^()]*\))*,(?:[^()]|\([^()]*\))*\)/g;
  const used = selector => classes(selector.replace(unneeded, '')).every(isUsed);
  root.walkComments(comment => comment.remove());
  root.walkDecls(declaration => { if (declaration.value.includes('url("data:')) declaration.remove(); });
  root.walkRules(rule => {
    if (rule.parent.type === 'atrule' && rule.parent.name.endsWith('keyframes')) return;
    const kept = rule.selectors.filter(selector => used(selector) && !selector.includes(':invalid'));
    if (!kept.length) rule.remove(); else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });
}

/* drops custom properties that nothing reads; dropping one may free others, so until none is left */
function prune(root) {
  for (let dropped = true; dropped;) {
    dropped = false;
    const read = new Set();
    root.walkDecls(({value}) => { for (const [, name] of value.matchAll(/var\(\s*(--[\w-]+)/g)) read.add(name); });
    root.walkDecls(/^--/, declaration => { if (!read.has(declaration.prop)) { declaration.remove(); dropped = true; } });
    root.walkRules(rule => { if (!rule.nodes.length) rule.remove(); });
    root.walkAtRules(rule => { if (rule.nodes && !rule.nodes.length) rule.remove(); });
  }
}

async function styles(isUsed) {
  const hashed = Object.fromEntries(Object.entries(FONTS).map(([name, source]) => [`${source}.woff2`, name]));
  const toDist = {name: 'dist', setup: build => build.onResolve({filter: /\.(woff2|svg)$/}, ({path: wanted}) => {
    const name = path.basename(wanted);
    return {path: `./${manifest[hashed[name] ?? name]}`, external: true};
  })};
  const bundle = await esbuild.build({entryPoints: ['static/css/main.css'], bundle: true, write: false, outdir: OUT, target: BROWSERS, plugins: [toDist]});
  const root = postcss.parse(bundle.outputFiles[0].text);
  purge(root, isUsed);
  prune(root);
  const {code} = await esbuild.transform(root.toString(), {loader: 'css', minify: true, target: BROWSERS});
  write('app.css', code);
}

async function script() {
  const bundle = await esbuild.build({entryPoints: ['static/js/app.js'], bundle: true, minify: true, format: 'esm', write: false, target: BROWSERS});
  write('app.js', bundle.outputFiles[0].contents);
}

function sprite() {
  const pages = files('templates', /\.html$/).map(read).join('\n');
  const named = pattern => [...pages.matchAll(pattern)].map(match => match[1]);
  const names = read('static/img/icons.txt').trim().split(/\s+/).sort();
  const quoted = new Set(named(/'([\w-]+)'/g)); // macros take an icon's name, too
  refuse('add to static/img/icons.txt', named(/\bicon\('([\w-]+)'/g).filter(name => !names.includes(name)));
  refuse('static/img/icons.txt names icons that no page has', names.filter(name => !quoted.has(name)));
  const symbols = names.map(name => {
    const drawing = read(`${ICONS}/${name}.svg`).replace(/^[\s\S]*?<svg[^>]*>|<\/svg>/g, '').replace(/\s+/g, ' ').trim();
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${drawing}</symbol>`;
  });
  write('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`);
}

function licences() {
  const texts = Object.keys(JSON.parse(read('package.json')).dependencies).map(name => {
    const folder = path.join('node_modules', name);
    const {version, license} = JSON.parse(read(path.join(folder, 'package.json')));
    const file = fs.readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n${'='.repeat(72)}\n${file ? read(path.join(folder, file)) : 'No licence file in the package.'}\n`;
  });
  fs.writeFileSync(path.join(OUT, LICENCES), texts.join('\n'));
}

function weigh() {
  for (const [name, hashed] of Object.entries(manifest)) {
    const content = fs.readFileSync(path.join(OUT, hashed));
    const weight = name.endsWith('.woff2') ? content.length : zlib.gzipSync(content, {level: 9}).length;
    console.log(`${name.padEnd(22)} ${String(weight).padStart(6)} bytes gzipped`);
    if (weight > (BUDGETS[name] ?? Infinity)) throw new Error(`${name} weighs ${weight} bytes after gzip; the budget is ${BUDGETS[name]}`);
  }
}

/* one move replaces the manifest, so who starts meanwhile reads the old one or the new one, never half of it */
function publish() {
  fs.writeFileSync(path.join(OUT, 'manifest.new'), JSON.stringify(manifest, null, 1));
  fs.renameSync(path.join(OUT, 'manifest.new'), path.join(OUT, 'manifest.json'));
  const current = new Set([...Object.values(manifest), 'manifest.json', LICENCES]);
  for (const name of fs.readdirSync(OUT)) if (!current.has(name)) fs.rmSync(path.join(OUT, name));
}

fs.mkdirSync(OUT, {recursive: true});
const isUsed = usage();
requireUse(isUsed);
for (const [name, source] of Object.entries(FONTS)) write(name, fs.readFileSync(`node_modules/@fontsource/fira-sans/files/${source}.woff2`));
for (const file of files('static/img', /\.svg$/)) write(path.basename(file), read(file).trim());
sprite();
await styles(isUsed);
await script();
licences();
weigh();
publish();
