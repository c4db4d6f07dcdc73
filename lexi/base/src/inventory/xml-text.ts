import { XMLParser } from 'fast-xml-parser';
import { SyntaxValidator } from 'fast-xml-validator';
import { z } from 'zod';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { limits } from './limits.ts';

/** An element of an XML text. */
export interface XmlElement {
  readonly name: string;
  /** Where it stands: `/domain/cpu/feature[2]`. */
  readonly path: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  maxNestedTags: limits.depth * 5,
});

/** libvirt writes neither: whoever does wants entities expanded. */
const declaration = /<!(?:DOCTYPE|ENTITY)/i;

/** The outermost element of an XML text. Throws an `InputError` with line and column where it is none. */
export function parseXml(content: string, source: string): XmlElement {
  const text = content.startsWith('\uFEFF') ? content.slice(1) : content;
  if (text.length > limits.xmlBytes) throw new InputError([tooLarge(source)]);
  if (declaration.test(text)) throw new InputError([declares(text, source)]);
  const [root, ...more] = elementsOf(parse(text, source), '');
  if (root === undefined || more.length > 0) {
    throw new InputError([notXml({ msg: 'there must be one outermost element' }, text, source)]);
  }
  return root;
}

function parse(text: string, source: string): unknown {
  try {
    SyntaxValidator.validate(text); // the parser itself mends what is cut off
    return parser.parse(text);
  } catch (error) {
    // among them texts made to harm: nested without end, or with names of JavaScript's own
    if (error instanceof Error) throw new InputError([notXml(toProblem(error), text, source)]);
    throw error;
  }
}

const Place = z.object({ line: z.number(), col: z.number().optional() });

/** The validator's errors say where; the parser's do not. */
function toProblem(error: Error): Problem {
  const { line, col } = Place.safeParse(error).data ?? {};
  return { msg: error.message, ...(line !== undefined && { line }), ...(col !== undefined && { col }) };
}

const parts = z.array(z.record(z.string(), z.unknown()));
const texts = z.record(z.string(), z.coerce.string());

/** The parser's ordered form: a list of objects with the element's name, and its attributes under `:@`. */
function elementsOf(value: unknown, path: string): XmlElement[] {
  const counts = new Map<string, number>();
  return parts.parse(value).flatMap((part) => {
    const name = Object.keys(part).find((key) => key !== ':@');
    if (name === undefined || name === '#text' || name.startsWith('?')) return [];
    const at = counts.get(name) ?? 0;
    counts.set(name, at + 1);
    return [toElement(name, part, `${path}/${name}${at === 0 ? '' : `[${at + 1}]`}`)];
  });
}

function toElement(name: string, part: Readonly<Record<string, unknown>>, path: string): XmlElement {
  const content = parts.parse(part[name]);
  return {
    name,
    path,
    attributes: new Map(Object.entries(texts.parse(part[':@'] ?? {}))),
    children: elementsOf(content, path),
    text: content.map((each) => (typeof each['#text'] === 'string' ? each['#text'] : '')).join(''),
  };
}

const tooLarge = (source: string): Diagnostic => ({
  code: 'inventory.too-large',
  severity: 'error',
  summary: 'the XML is larger than any that libvirt prints',
  source,
  limit: limits.xmlBytes,
});

const declares = (text: string, source: string): Diagnostic => ({
  code: 'inventory.unsafe-xml',
  severity: 'error',
  summary: `line ${lineOf(text, text.search(declaration))} declares a document type or an entity: such XML is not read`,
  source,
  hint: 'libvirt prints none: record the output of virsh again',
});

interface Problem {
  readonly msg: string;
  readonly line?: number;
  readonly col?: number;
}

function notXml({ msg, line, col }: Problem, text: string, source: string): Diagnostic {
  const lines = lineOf(text, text.length);
  const place = line === undefined ? '' : `line ${line}${col === undefined ? '' : ` column ${col}`} `;
  const ended = !text.trimEnd().endsWith('>') || msg.startsWith("Invalid '[");
  return {
    code: 'inventory.not-xml',
    severity: 'error',
    summary: ended
      ? `the text ends at line ${lines} in the middle of an element`
      : `${place}is not XML: ${msg.replaceAll(/\s+/g, ' ').slice(0, 200)}`,
    source,
    hint: ended ? 'the file was cut off: write or copy it again' : 'the file is not XML, or was damaged',
  };
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
