import { testDocument } from './test-document.ts';

testDocument('docs/running.md');
