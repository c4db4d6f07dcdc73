import { testDocument } from './test-document.ts';

testDocument('README.md');
