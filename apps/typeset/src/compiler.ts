/**
 * Typst as WebAssembly with our templates and fonts, and nothing else: it reads no file, no clock and no font of the
 * machine, so equal data give equal pages wherever it runs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  initSync,
  type TypstCompiler,
  TypstCompilerBuilder,
  TypstFontResolverBuilder,
} from '@myriaddreamin/typst-ts-web-compiler';
import { TypesetError } from './errors.ts';
import { type Coverage, commonCoverage } from './glyphs.ts';

const templates = new URL('../templates/', import.meta.url);
const fonts = new URL('../fonts/', import.meta.url);
const wasm = import.meta.resolve('@myriaddreamin/typst-ts-web-compiler/wasm');
const FULL_DIAGNOSTICS = 3;

export interface Compiler {
  /** Characters that every font has. */
  readonly coverage: Coverage;
  /** One PDF of a template, by its file name without ending; `data` is what the template sees as `input`. */
  compile(template: string, data: object): Uint8Array;
  /** Bytes of memory taken so far. */
  taken(): number;
}

/** Reads 28 MB of WebAssembly: make one and keep it. */
export async function openCompiler(): Promise<Compiler> {
  const { memory } = initSync({ module: readFileSync(fileURLToPath(wasm)) });
  const builder = new TypstCompilerBuilder();
  builder.set_dummy_access_model();
  const files = readdirSync(fonts).filter((name) => name.endsWith('.ttf'));
  const faces = files.map((name) => readFileSync(new URL(name, fonts)));
  for (const face of faces) await builder.add_raw_font(face);
  const compiler = await builder.build();
  for (const name of readdirSync(templates)) {
    compiler.add_source(`/${name}`, readFileSync(new URL(name, templates), 'utf8'));
  }
  const about = new TypstFontResolverBuilder();
  return {
    coverage: commonCoverage(faces.map((face) => about.get_font_info(face).info[0].coverage)),
    compile: (template, data) => compileWith(compiler, template, data),
    taken: () => memory.buffer.byteLength,
  };
}

interface Diagnostic {
  readonly path: string;
  readonly range: string;
  readonly message: string;
}

function compileWith(compiler: TypstCompiler, template: string, data: object): Uint8Array {
  const outcome: { readonly result?: Uint8Array; readonly diagnostics?: readonly Diagnostic[] } = compiler.compile(
    `/${template}.typ`,
    [['data', JSON.stringify(data)]],
    'pdf',
    FULL_DIAGNOSTICS,
  );
  // Typst remembers what it has laid out; without this its memory grows with every document.
  compiler.reset();
  if (outcome.result !== undefined) return outcome.result;
  const [first] = outcome.diagnostics ?? [];
  const panic = /does-not-fit: (.*?)"?$/.exec(first?.message ?? '');
  if (panic !== null) throw new TypesetError('does_not_fit', `Shorten: ${panic[1]}.`);
  throw new TypesetError('template', `${first?.path} ${first?.range}: ${first?.message}`);
}
