import { testDocument } from './test-document.ts';

testDocument('docs/reading.md');
